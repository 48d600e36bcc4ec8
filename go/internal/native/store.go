package native

// #include "shim.h"
import "C"

import "runtime"

// Limits and defaults of stores.
const (
	DefaultStoreCapacity = uint64(C.HOOKPROOF_DEFAULT_STORE_CAPACITY)
	MaxStoreBudgetMS     = uint32(C.HOOKPROOF_MAX_STORE_BUDGET_MS)
)

// Choices of NewMemoryStore and NewFileStore.
const (
	ColdStartAllow  = int32(C.HOOKPROOF_COLD_START_ALLOW)
	ColdStartRefuse = int32(C.HOOKPROOF_COLD_START_REFUSE)
	ProcessCrash    = int32(C.HOOKPROOF_DURABILITY_PROCESS_CRASH)
	PowerLoss       = int32(C.HOOKPROOF_DURABILITY_POWER_LOSS)
)

// Store is a replay store of the library.
type Store struct {
	handle[*C.hookproof_store]
}

// A store that could not be made is nil, with what is wrong.
func newStore(status C.hookproof_status, ptr *C.hookproof_store) (*Store, string) {
	if status != C.HOOKPROOF_OK {
		said := text(C.hookproof_store_error(ptr))
		C.hookproof_store_free(ptr)
		if said == "" {
			said = StatusMessage(int32(status))
		}
		return nil, said
	}
	s := new(Store)
	s.own(ptr, func(ptr *C.hookproof_store) { C.hookproof_store_free(ptr) })
	return s, ""
}

// NewMemoryStore serves this process.
func NewMemoryStore(capacity uint64, coldStart int32, now int64) (*Store, string) {
	var out *C.hookproof_store
	return newStore(C.hookproof_store_new_memory(C.uint64_t(capacity), C.int32_t(coldStart), C.int64_t(now), &out), out)
}

// NewFileStore serves the processes of this machine.
func NewFileStore(path string, durability int32) (*Store, string) {
	var out *C.hookproof_store
	status := C.hookproof_store_new_file(chars(path), size(path), C.int32_t(durability), &out)
	return newStore(status, out)
}

// NewHostStore is asked by the caller.
func NewHostStore(namespace string) (*Store, string) {
	var out *C.hookproof_store
	status := C.hookproof_store_new_host(chars(namespace), size(namespace), &out)
	return newStore(status, out)
}

// SetBudget limits the time of one answer.
func (s *Store) SetBudget(milliseconds uint32) int32 {
	ptr := s.take()
	defer s.leave(ptr)
	return int32(C.hookproof_store_set_budget_ms(ptr, C.uint32_t(milliseconds)))
}

// Extent says what the store covers.
func (s *Store) Extent() string {
	ptr := s.take()
	defer s.leave(ptr)
	return text(C.hookproof_store_extent(ptr))
}

// Claim is the right to work on one request.
type Claim struct {
	handle[*C.hookproof_claim]
}

func newClaim(ptr *C.hookproof_claim) *Claim {
	if ptr == nil {
		return nil
	}
	c := new(Claim)
	c.own(ptr, freeClaim)
	return c
}

func freeClaim(ptr *C.hookproof_claim) {
	C.hookproof_claim_free(ptr)
}

// Confirm ends the claim: the work is done. The text says why the store did not answer.
func (c *Claim) Confirm(now int64) (int32, string) {
	ptr := c.take()
	defer c.leave(ptr)
	status := C.hookproof_claim_confirm(ptr, C.int64_t(now))
	return int32(status), text(C.hookproof_claim_error(ptr))
}

// Release ends the claim: the work failed.
func (c *Claim) Release(now int64) (int32, string) {
	ptr := c.take()
	defer c.leave(ptr)
	status := C.hookproof_claim_release(ptr, C.int64_t(now))
	return int32(status), text(C.hookproof_claim_error(ptr))
}

// Signer stands in for Vonage in tests.
type Signer struct {
	handle[*C.hookproof_signer]
}

// NewSigner makes a signer for one account; nil if a value is refused.
func NewSigner(apiKey string, secret []byte) *Signer {
	var out *C.hookproof_signer
	status := C.hookproof_signer_new(chars(apiKey), size(apiKey), bytesOf(secret), size(secret), &out)
	runtime.KeepAlive(secret)
	if status != C.HOOKPROOF_OK {
		return nil
	}
	s := new(Signer)
	s.own(out, func(ptr *C.hookproof_signer) { C.hookproof_signer_free(ptr) })
	return s
}

func (s *Signer) sign(status C.hookproof_status, ptr *C.hookproof_signer) (string, int32) {
	if status != C.HOOKPROOF_OK {
		return "", int32(status)
	}
	return text(C.hookproof_signer_header(ptr)), OK
}

// SignBody signs a body; the header's value.
func (s *Signer) SignBody(body []byte, iat int64, jti string) (string, int32) {
	ptr := s.take()
	defer s.leave(ptr)
	status := C.hookproof_signer_sign_body(ptr, bytesOf(body), size(body), C.int64_t(iat), chars(jti), size(jti))
	return s.sign(status, ptr)
}

// SignQuery signs the raw query of a GET.
func (s *Signer) SignQuery(query string, iat int64, jti string) (string, int32) {
	ptr := s.take()
	defer s.leave(ptr)
	status := C.hookproof_signer_sign_query(ptr, chars(query), size(query), C.int64_t(iat), chars(jti), size(jti))
	return s.sign(status, ptr)
}

// SignClaims signs any bytes as the claims.
func (s *Signer) SignClaims(claims []byte) (string, int32) {
	ptr := s.take()
	defer s.leave(ptr)
	status := C.hookproof_signer_sign_claims(ptr, (*C.char)(bytesOf(claims)), size(claims))
	return s.sign(status, ptr)
}

// SignSMS signs the parameters of an SMS webhook; the whole query, form or JSON object.
func (s *Signer) SignSMS(method string, json bool, parameters string, timestamp int64, nonce string) (string, int32) {
	ptr := s.take()
	defer s.leave(ptr)
	carrier := C.int32_t(C.HOOKPROOF_SMS_FORM)
	if json {
		carrier = C.HOOKPROOF_SMS_JSON
	}
	status := C.hookproof_signer_sign_sms(ptr, chars(method), size(method), carrier, chars(parameters), size(parameters),
		C.int64_t(timestamp), chars(nonce), size(nonce))
	return s.sign(status, ptr)
}
