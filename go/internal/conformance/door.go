package main

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"time"

	"github.com/hookproof/hookproof/go"
	"github.com/hookproof/hookproof/go/hooktest"
)

const (
	// Single bytes of a body larger than this only test patience, ...
	largeBody = 64 * 1024
	// ... and these are the pieces in which it is streamed instead.
	largePiece = 4096 + 1

	// The last second that a claim can name, that of the year 9999.
	lastDate = 253_402_300_799
)

// way is one of those to hand over a body: 0 is the whole, and any other number the size of the pieces.
type way int

var ways = []way{0, 1, 7, math.MaxInt}

func (w way) String() string {
	if w == 0 {
		return "one-shot"
	}
	return fmt.Sprintf("streamed in pieces of %d", int(w))
}

// answer is what came out: the reason and its number; "" when accepted.
type answer struct {
	reason string
	code   hookproof.Reason
}

var misconfigured = answer{reason: "config_error"}

func answerOf(err error) answer {
	var refusal *hookproof.Error
	switch {
	case err == nil:
		return answer{}
	case errors.As(err, &refusal):
		return answer{refusal.Reason.String(), refusal.Reason}
	}
	// Not one of the library's verdicts: no vector expects it.
	return answer{reason: err.Error()}
}

// isPastSignature says whether the signature's check was passed. The unsupported request, whose number is beyond the others, is judged
// first of all.
func (a answer) isPastSignature() bool {
	return a.reason == "" || a.code == hookproof.ReasonSMSMissing ||
		a.code > hookproof.ReasonSignatureInvalid && a.code < hookproof.ReasonRequestUnsupported
}

func (a answer) name() string {
	if a.reason == "" {
		return "ok"
	}
	return a.reason
}

func (a answer) String() string {
	if a.reason == "" {
		return "accept"
	}
	return "reject " + wordOf(a.reason) + " (" + a.reason + ")"
}

// request is one of a vector file.
type request struct {
	method, query, route string
	fields               []string
	body                 []byte
}

func (r *request) to(verifier *hookproof.Verifier, now int64) hookproof.Request {
	header := http.Header{"Content-Type": {"application/json"}}
	if len(r.fields) > 0 {
		header[verifier.HeaderName()] = r.fields
	}
	return hookproof.Request{
		Method: r.method, Header: header, Query: r.query, Route: r.route, Body: r.body, Now: moment(now),
	}
}

// moment is that second. Not its beginning, which in the year 1 is the zero time, and stands for the clock.
func moment(now int64) time.Time { return time.Unix(now, 1) }

// trial is a request, and what it is judged by.
type trial struct {
	request request
	now     int64
	options []hookproof.Option
	// Some part of the configuration was refused.
	misconfigured bool
	seen          [][2]string
}

func (t *trial) verify(w way) answer {
	options := t.options
	if len(t.seen) > 0 {
		store := t.store()
		defer store.Close()
		options = append(options[:len(options):len(options)], hookproof.WithStore(store))
	}
	verifier, err := hookproof.New(options...)
	if err != nil {
		return misconfigured
	}
	defer verifier.Close()
	if len(t.seen) > 0 {
		_, err := receive(verifier, &t.request, t.now, w)
		return answerOf(err)
	}
	if w == 0 {
		_, err := verifier.Verify(t.request.to(verifier, t.now))
		return answerOf(err)
	}
	pending, err := stream(verifier, &t.request, t.now, w)
	if err == nil {
		_, err = pending.Finish()
	}
	return answerOf(err)
}

// store has seen what the case says: webhooks of these identities, from a signer of their own.
func (t *trial) store() *hookproof.Store {
	store, err := hookproof.NewMemoryStore(uint64(len(t.seen) + 1))
	must(err)
	for _, identity := range t.seen {
		// The widest window, so that nothing of it is forgotten meanwhile.
		verifier, err := hookproof.New(hookproof.WithSecret(identity[0], "seen"), hookproof.WithMaxAge(7*24*time.Hour),
			hookproof.WithLeeway(time.Hour), hookproof.WithStore(store))
		if err != nil {
			// No account can have this name, and no request this identity.
			continue
		}
		header := hooktest.NewSigner(identity[0], "seen").Sign(nil, hooktest.With("jti", identity[1]), hooktest.With("iat", min(max(t.now, 0), lastDate)))
		_, err = verifier.VerifyOnce(hookproof.Request{Method: "POST", Header: http.Header{"Authorization": {header}}, Now: moment(t.now)})
		// One that was put in before is there, and one that no token can carry, or not at that time, is no request's.
		if !errors.Is(err, hookproof.ReasonReplayDuplicate) && !errors.Is(err, hookproof.ErrClaims) && !errors.Is(err, hookproof.ErrTime) {
			must(err)
		}
		verifier.Close()
	}
	return store
}

// receive verifies a request and claims it.
func receive(verifier *hookproof.Verifier, r *request, now int64, w way) (*hookproof.Received, error) {
	if w == 0 {
		return verifier.Claim(r.to(verifier, now))
	}
	pending, err := stream(verifier, r, now, w)
	if err != nil {
		return nil, err
	}
	return pending.Claim()
}

// stream hands over the body; the verdict on it is not spoken yet.
func stream(verifier *hookproof.Verifier, r *request, now int64, w way) (*hookproof.Pending, error) {
	piece := int(w)
	if piece == 1 && len(r.body) > largeBody {
		piece = largePiece
	}
	head := r.to(verifier, now)
	head.Body = nil
	// A body in one piece comes with its length, the others without: both are ways of their own.
	if piece >= len(r.body) {
		head.ContentLength = int64(len(r.body))
	}
	pending, err := verifier.Begin(head)
	if err != nil {
		return nil, err
	}
	for rest := r.body; len(rest) > 0; {
		n := min(piece, len(rest))
		if _, err := pending.Write(rest[:n]); err != nil {
			return nil, err
		}
		rest = rest[n:]
	}
	return pending, nil
}

// judge asks for the answer in every way.
func judge(id string, t *trial, expected expectation, isDisputed bool) finding {
	if t == nil {
		return inapplicable(id)
	}
	first := misconfigured
	disagreement := ""
	if !t.misconfigured {
		first = t.verify(ways[0])
		for _, w := range ways[1:] {
			if other := t.verify(w); other != first {
				disagreement = fmt.Sprintf("one-shot %s, %s %s", first.name(), w, other.name())
				break
			}
		}
	}
	found := finding{id: id, verdict: "accept", reason: first.reason}
	if first.reason != "" {
		found.verdict = "reject"
	}
	switch {
	case disagreement != "":
		found.judgement, found.expected, found.got = failed, "one verdict in every way", disagreement
	case isDisputed:
		found.judgement = disputed
	case !expected.holds(first):
		found.judgement, found.expected, found.got = failed, expected.String(), first.String()
	}
	return found
}

// keyring reads the member of that name. Every account in it expects the application, if there is one. False if an entry is refused.
func (e entry) keyring(applicationID *string) (*hookproof.Keyring, bool) {
	ring := hookproof.NewKeyring()
	taken := true
	for apiKey, value := range e.object("keyring").members() {
		secrets, ok := value.([]any)
		if !ok {
			e.fault("secrets are not a list")
		}
		for index, secret := range secrets {
			label := fmt.Sprintf("key-%d", index)
			taken = ring.Add(apiKey, hookproof.Secret{Label: label, Value: e.secret(secret)}) == nil && taken
		}
		if applicationID != nil && len(secrets) > 0 {
			taken = ring.AddApplication(apiKey, *applicationID) == nil && taken
		}
	}
	return ring, taken
}
