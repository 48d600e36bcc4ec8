package native

/*
#include "shim.h"

#cgo noescape hp_call
#cgo nocallback hp_call
#cgo noescape hp_finish
#cgo nocallback hp_finish
#cgo noescape hp_update
#cgo nocallback hp_update
#cgo noescape hp_answer_replay
#cgo nocallback hp_answer_replay
#cgo noescape hookproof_result_free
#cgo nocallback hookproof_result_free
#cgo noescape hookproof_claim_free
#cgo nocallback hookproof_claim_free
#cgo noescape hookproof_claim_confirm
#cgo nocallback hookproof_claim_confirm
#cgo noescape hookproof_claim_release
#cgo nocallback hookproof_claim_release
#cgo noescape hookproof_claim_error
#cgo nocallback hookproof_claim_error
#cgo noescape hookproof_verifier_untrusted_account
#cgo nocallback hookproof_verifier_untrusted_account
*/
import "C"

import (
	"runtime"
	"unsafe"
)

// Verb is what is asked of a verifier.
type Verb int32

// The verbs.
const (
	Verify  = Verb(C.HP_VERIFY)
	Receive = Verb(C.HP_RECEIVE)
	Once    = Verb(C.HP_ONCE)
	begin   = Verb(C.HP_BEGIN)
)

// What becomes of a repeat whose work is done, and the length of a body that was not announced.
const (
	DuplicatesRefuse = int32(C.HOOKPROOF_DUPLICATES_REFUSE)
	DuplicatesHandOn = int32(C.HOOKPROOF_DUPLICATES_HAND_ON)
	LengthUnknown    = uint64(C.HOOKPROOF_LENGTH_UNKNOWN)
)

// Request is what is judged. Everything is read during the call only.
type Request struct {
	Method, Header, Query, Route, Account string
	HeaderCount                           int
	HasAccount                            bool
	Body                                  []byte
	DeclaredLen                           uint64
	Duplicates                            int32
	Now                                   int64
	// Keyring is for this call alone, if HasKeyring; nil then says that the secrets could not be loaded.
	Keyring    *Keyring
	HasKeyring bool
	Store      *Store
}

// The texts of an Answer.
const (
	APIKey          = int(C.HP_API_KEY)
	JTI             = int(C.HP_JTI)
	ApplicationID   = int(C.HP_APPLICATION_ID)
	KeyLabel        = int(C.HP_KEY_LABEL)
	PayloadForm     = int(C.HP_PAYLOAD_FORM)
	Replay          = int(C.HP_REPLAY)
	Detail          = int(C.HP_DETAIL)
	UntrustedAPIKey = int(C.HP_UNTRUSTED_API_KEY)
	texts           = int(C.HP_TEXTS)
)

// The order in which the texts are copied.
var order = [texts]int{KeyLabel, APIKey, JTI, ApplicationID, PayloadForm, Replay, UntrustedAPIKey, Detail}

// Room for the texts of nearly every request. What does not fit is asked for one by one.
const room = 1024

// Answer is what is known about a request.
type Answer struct {
	Status     int32
	HTTPStatus int32
	Retries    bool
	RetryAfter uint32
	IssuedAt   int64
	Age        int64
	HasAge     bool
	Generation uint64
	Texts      [texts]string

	result *C.hookproof_result
	claim  *C.hookproof_claim
}

// HasResult says whether there is a result to adopt.
func (a *Answer) HasResult() bool { return a.result != nil }

// TakeClaim hands the claim over; nil where there is nothing to end.
func (a *Answer) TakeClaim() *Claim {
	claim := newClaim(a.claim)
	a.claim = nil
	return claim
}

func (a *Answer) take(from *C.hp_answer, bytes *[room]byte) {
	a.Status = int32(from.status)
	a.HTTPStatus = int32(from.http_status)
	a.Retries = from.retries != 0
	a.RetryAfter = uint32(from.retry_after)
	a.IssuedAt = int64(from.issued_at)
	a.Age, a.HasAge = int64(from.age), from.has_age != 0
	a.Generation = uint64(from.generation)
	a.result, a.claim = from.result, from.claim
	if from.fits == 0 {
		a.ask(from.result)
		return
	}
	used := 0
	for _, which := range order {
		used += int(from.lens[which])
	}
	// One text for all, of which each is a part.
	all := string(bytes[:used])
	used = 0
	for _, which := range order {
		n := int(from.lens[which])
		a.Texts[which] = all[used : used+n]
		used += n
	}
}

func (a *Answer) ask(result *C.hookproof_result) {
	a.Texts = [texts]string{
		APIKey:          text(C.hookproof_result_api_key(result)),
		JTI:             text(C.hookproof_result_jti(result)),
		ApplicationID:   text(C.hookproof_result_application_id(result)),
		KeyLabel:        text(C.hookproof_result_key_label(result)),
		PayloadForm:     text(C.hookproof_result_payload_form(result)),
		Replay:          text(C.hookproof_result_replay(result)),
		Detail:          text(C.hookproof_result_detail(result)),
		UntrustedAPIKey: text(C.hookproof_result_untrusted_api_key(result)),
	}
}

// Verifier judges requests.
type Verifier struct {
	handle[*C.hookproof_verifier]
}

// NewVerifier makes one; without a keyring each call brings its own.
func NewVerifier(policy *Policy, keyring *Keyring) (*Verifier, int32) {
	var out *C.hookproof_verifier
	p := policy.take()
	defer policy.leave(p)
	var k *C.hookproof_keyring
	if keyring != nil {
		k = keyring.take()
		defer keyring.leave(k)
		if k == nil {
			return nil, int32(C.HOOKPROOF_E_NULL)
		}
	}
	if status := C.hookproof_verifier_new(p, k, &out); status != C.HOOKPROOF_OK {
		return nil, int32(status)
	}
	v := new(Verifier)
	v.own(out, func(ptr *C.hookproof_verifier) { C.hookproof_verifier_free(ptr) })
	return v, OK
}

// ReplaceKeyring replaces the whole keyring at once.
func (v *Verifier) ReplaceKeyring(keyring *Keyring) int32 {
	ptr := v.take()
	defer v.leave(ptr)
	k := keyring.take()
	defer keyring.leave(k)
	return int32(C.hookproof_verifier_replace_keyring(ptr, k))
}

// Generation counts the keyrings.
func (v *Verifier) Generation() uint64 {
	ptr := v.take()
	defer v.leave(ptr)
	return uint64(C.hookproof_verifier_generation(ptr))
}

// HeaderName is the name of the header to read.
func (v *Verifier) HeaderName() string {
	ptr := v.take()
	defer v.leave(ptr)
	return text(C.hookproof_verifier_header_name(ptr))
}

// MaxBodyBytes is the largest body.
func (v *Verifier) MaxBodyBytes() uint64 {
	ptr := v.take()
	defer v.leave(ptr)
	return uint64(C.hookproof_verifier_max_body_bytes(ptr))
}

// SourceHint compares an address with the networks of the policy.
func (v *Verifier) SourceHint(address string) string {
	ptr := v.take()
	defer v.leave(ptr)
	return text(C.hookproof_verifier_source_hint(ptr, chars(address), size(address)))
}

// UntrustedAccount is the account that a request names.
func (v *Verifier) UntrustedAccount(r *Request) (string, int32) {
	ptr := v.take()
	defer v.leave(ptr)
	var out [C.HOOKPROOF_MAX_API_KEY_BYTES + 1]byte
	var outLen C.size_t
	status := C.hookproof_verifier_untrusted_account(ptr, chars(r.Method), size(r.Method), chars(r.Header), size(r.Header),
		C.size_t(r.HeaderCount), chars(r.Query), size(r.Query), chars(r.Route), size(r.Route), bytesOf(r.Body), size(r.Body),
		(*C.char)(unsafe.Pointer(&out[0])), C.size_t(len(out)), &outLen)
	runtime.KeepAlive(r)
	if status != C.HOOKPROOF_OK {
		return "", int32(status)
	}
	return string(out[:outLen]), OK
}

// Judge judges a request whose body is in memory.
func (v *Verifier) Judge(verb Verb, r *Request, answer *Answer) {
	v.call(verb, r, answer)
}

// Begin judges the head of a request.
func (v *Verifier) Begin(r *Request, answer *Answer) {
	v.call(begin, r, answer)
}

func (v *Verifier) call(verb Verb, r *Request, answer *Answer) {
	ptr := v.take()
	var keyring *C.hookproof_keyring
	var store *C.hookproof_store
	if r.Keyring != nil {
		keyring = r.Keyring.take()
	}
	if r.Store != nil {
		store = r.Store.take()
	}
	var out C.hp_answer
	var bytes [room]byte
	C.hp_call(C.int(verb), ptr, boolean(r.HasKeyring), keyring, store, chars(r.Method), size(r.Method), chars(r.Header),
		size(r.Header), C.size_t(r.HeaderCount), chars(r.Query), size(r.Query), chars(r.Route), size(r.Route),
		chars(r.Account), size(r.Account), boolean(r.HasAccount), bytesOf(r.Body), size(r.Body), C.uint64_t(r.DeclaredLen),
		C.int32_t(r.Duplicates), C.int64_t(r.Now), &out, (*C.char)(unsafe.Pointer(&bytes[0])), room)
	answer.take(&out, &bytes)
	if answer.Status != OK && answer.Status != PendingBody && answer.Status != PendingReplay {
		// Nobody adopts it: that of a refusal whose texts were too long for the room, or of a call that was not carried out.
		C.hookproof_result_free(answer.result)
		answer.result = nil
	}
	if r.Store != nil {
		r.Store.leave(store)
	}
	if r.Keyring != nil {
		r.Keyring.leave(keyring)
	}
	v.leave(ptr)
	runtime.KeepAlive(r)
}

func boolean(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

// Result is a request that was accepted, or is on its way to a verdict. It is exclusive until then.
type Result struct {
	handle[*C.hookproof_result]
}

// Adopt makes the result of an answer this one's own. The Result may be a part of a larger object.
func (r *Result) Adopt(answer *Answer) {
	r.own(answer.result, freeResult)
	answer.result = nil
}

func freeResult(ptr *C.hookproof_result) {
	C.hookproof_result_free(ptr)
}

// Update feeds the next piece of the body. Unless it answers PendingBody, the answer is filled in.
func (r *Result) Update(chunk []byte, answer *Answer) int32 {
	ptr := r.take()
	var out C.hp_answer
	var bytes [room]byte
	C.hp_update(ptr, bytesOf(chunk), size(chunk), &out, (*C.char)(unsafe.Pointer(&bytes[0])), room)
	status := int32(out.status)
	if status != PendingBody {
		answer.take(&out, &bytes)
		answer.result = nil
	}
	r.leave(ptr)
	runtime.KeepAlive(chunk)
	return status
}

// Finish ends the body, by one of the three verbs. The result stays this one's own.
func (r *Result) Finish(verb Verb, store *Store, duplicates int32, now int64, answer *Answer) {
	ptr := r.take()
	var s *C.hookproof_store
	if store != nil {
		s = store.take()
	}
	var out C.hp_answer
	var bytes [room]byte
	C.hp_finish(C.int(verb), ptr, s, C.int32_t(duplicates), C.int64_t(now), &out, (*C.char)(unsafe.Pointer(&bytes[0])), room)
	answer.take(&out, &bytes)
	answer.result = nil
	if store != nil {
		store.leave(s)
	}
	r.leave(ptr)
}

// Question is what to ask a store of the host's own.
type Question struct {
	Identity, Owner string
	LeaseSeconds    uint32
	KeepSeconds     uint64
}

// Question is there while the result waits for the store's answer.
func (r *Result) Question() Question {
	ptr := r.take()
	defer r.leave(ptr)
	return Question{
		Identity:     text(C.hookproof_result_replay_identity(ptr)),
		Owner:        text(C.hookproof_result_replay_owner(ptr)),
		LeaseSeconds: uint32(C.hookproof_result_replay_lease_seconds(ptr)),
		KeepSeconds:  uint64(C.hookproof_result_replay_keep_seconds(ptr)),
	}
}

// What a store of the host's own may say.
const (
	ReplayClaimed     = int32(C.HOOKPROOF_REPLAY_CLAIMED)
	ReplayInProgress  = int32(C.HOOKPROOF_REPLAY_IN_PROGRESS)
	ReplayDuplicate   = int32(C.HOOKPROOF_REPLAY_DUPLICATE)
	ReplayUnavailable = int32(C.HOOKPROOF_REPLAY_UNAVAILABLE)
	ReplayFull        = int32(C.HOOKPROOF_REPLAY_FULL)
)

// AnswerReplay tells what the store said. The result stays this one's own.
func (r *Result) AnswerReplay(said int32, now int64, answer *Answer) {
	ptr := r.take()
	var out C.hp_answer
	var bytes [room]byte
	C.hp_answer_replay(ptr, C.int32_t(said), C.int64_t(now), &out, (*C.char)(unsafe.Pointer(&bytes[0])), room)
	answer.take(&out, &bytes)
	answer.result = nil
	r.leave(ptr)
}

// ClaimsJSON are all verified claims.
func (r *Result) ClaimsJSON() string {
	ptr := r.take()
	defer r.leave(ptr)
	return text(C.hookproof_result_claims_json(ptr))
}

// ClaimText is a verified claim that is a string.
func (r *Result) ClaimText(name string) (string, bool) {
	ptr := r.take()
	defer r.leave(ptr)
	var out C.hookproof_str
	found := bool(C.hookproof_result_claim_text(ptr, chars(name), size(name), &out))
	return text(out), found
}

// ClaimInteger is a verified claim that is a whole number.
func (r *Result) ClaimInteger(name string) (int64, bool) {
	ptr := r.take()
	defer r.leave(ptr)
	var out C.int64_t
	found := bool(C.hookproof_result_claim_integer(ptr, chars(name), size(name), &out))
	return int64(out), found
}

// Query are the verified parameters of a GET, in their order.
func (r *Result) Query() [][2]string {
	ptr := r.take()
	defer r.leave(ptr)
	pairs := make([][2]string, C.hookproof_result_query_count(ptr))
	for i := range pairs {
		pairs[i][0] = text(C.hookproof_result_query_name(ptr, C.size_t(i)))
		pairs[i][1] = text(C.hookproof_result_query_value(ptr, C.size_t(i)))
	}
	return pairs
}
