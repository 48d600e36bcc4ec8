package hookproof

import (
	"log/slog"
	"time"

	"github.com/hookproof/hookproof/go/internal/native"
)

// Verifier judges requests. Any number of goroutines may use one, also while its keyring is replaced.
type Verifier struct {
	native     *native.Verifier
	headerName string
	maxBody    uint64
	source     KeySource
	sourceFor  time.Duration
	loads      gate
	store      *Store
	clock      func() time.Time
	logger     *slog.Logger
}

// Verify makes every check and asks no store: the request may be one that was there before. A refusal is an [*Error].
func (v *Verifier) Verify(r Request) (*Webhook, error) {
	var to native.Request
	v.request(&r, &to)
	cause := v.load(&r, &to)
	var answer native.Answer
	v.native.Judge(native.Verify, &to, &answer)
	if answer.Status != native.OK {
		return nil, failure(&answer, cause)
	}
	webhook := &Webhook{Body: r.Body}
	webhook.result.Adopt(&answer)
	webhook.accept(&answer)
	return webhook, nil
}

// Receive verifies a request and claims it in the store, last of all; then it calls work. When that returns nil the claim is
// confirmed: a repeat is a duplicate from then on. When it returns an error, which Receive then returns, or panics, the claim is
// released, and the sender's retry is worked on. [HTTPStatus] has what to answer.
//
// Work that is done stays done: a claim that could not be confirmed is logged, and is no error.
func (v *Verifier) Receive(r Request, work func(*Webhook) error) error {
	received, err := v.Claim(r)
	if err != nil {
		return err
	}
	return received.run(work)
}

// Claim is Receive for work that is no function: the claim must be ended with [Received.Confirm] or [Received.Release].
func (v *Verifier) Claim(r Request) (*Received, error) {
	return v.ask(native.Receive, &r)
}

// VerifyOnce is the at-most-once form: it records the request as done before the work begins. If the work then fails, the event is
// lost, for its retry is a duplicate; Receive loses none.
func (v *Verifier) VerifyOnce(r Request) (*Webhook, error) {
	received, err := v.ask(native.Once, &r)
	if err != nil {
		return nil, err
	}
	return received.Webhook, nil
}

func (v *Verifier) ask(verb native.Verb, r *Request) (*Received, error) {
	if v.store == nil {
		return nil, ErrNoStore
	}
	var to native.Request
	v.request(r, &to)
	cause := v.load(r, &to)
	to.Store = v.store.native
	var answer native.Answer
	v.native.Judge(verb, &to, &answer)
	if !answer.HasResult() {
		return nil, failure(&answer, cause)
	}
	webhook := &Webhook{Body: r.Body}
	webhook.result.Adopt(&answer)
	return v.settle(webhook, r.context(), r.Now, &answer, cause)
}

// ReplaceKeyring replaces the whole keyring at once; it is copied. A verification under way keeps the keyring it began with. One that
// is refused leaves the old one in place.
func (v *Verifier) ReplaceKeyring(keyring *Keyring) error {
	switch {
	case keyring == nil:
		return &ConfigError{"keyring: is nil"}
	case v.source != nil:
		return &ConfigError{"keyring: the verifier has a key source"}
	}
	return configError(v.native.ReplaceKeyring(keyring.native), "")
}

// KeyringGeneration counts the keyrings: 1 for the first, one more after each replacement; 0 with a key source.
func (v *Verifier) KeyringGeneration() uint64 { return v.native.Generation() }

// HeaderName is the name of the header that is read.
func (v *Verifier) HeaderName() string { return v.headerName }

// MaxBodyBytes is the largest body that is accepted.
func (v *Verifier) MaxBodyBytes() uint64 { return v.maxBody }

// UntrustedAccount is the account that a request names, NOT verified: use it to look secrets up, and for nothing else.
func (v *Verifier) UntrustedAccount(r Request) (string, error) {
	var to native.Request
	v.request(&r, &to)
	account, status := v.native.UntrustedAccount(&to)
	if status != native.OK {
		return "", readFailure(status)
	}
	return account, nil
}

// SourceHint says how an address relates to the networks that the vendor has published ([WithPublishedNetworks]): "published",
// "added", "elsewhere", "unreadable" or "not_checked". It is a hint for logs, NEVER a proof.
func (v *Verifier) SourceHint(address string) string { return v.native.SourceHint(address) }

// Close frees the verifier and wipes its keys, as soon as no call uses it any more. Webhooks and claims stay valid.
func (v *Verifier) Close() { v.native.Close() }

func (v *Verifier) log() *slog.Logger {
	if v.logger != nil {
		return v.logger
	}
	return slog.Default()
}

// Version is that of the loaded library.
func Version() string { return native.Version() }

// Features are those of the loaded library, separated by spaces.
func Features() string { return native.Features() }
