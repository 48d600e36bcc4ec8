package hookproof

import (
	"errors"
	"net/http"
	"time"

	"github.com/hookproof/hookproof/go/internal/native"
)

// Error is why a request was refused, and what to answer. Its text is one line for logs: it never has the token, the body or a
// secret in it, and what it quotes from the request is escaped and bounded.
//
// The answer's own body should be the same for every refusal.
type Error struct {
	// Reason is the check that failed. It may be one that this package does not know, from a newer library.
	Reason Reason

	// HTTPStatus is what to answer: 401, 413, the retry status (503), or 200 for a duplicate.
	HTTPStatus int

	// Retry says whether the sender will send the request again when it gets that answer.
	Retry bool

	// RetryAfter is for the field of that name; 0: send none.
	RetryAfter time.Duration

	// Hint has the likely causes, the most likely first; empty when there is nothing to add.
	Hint string

	// Detail is the line for logs.
	Detail string

	// UntrustedAPIKey is the account that the token claims, escaped and bounded; anybody may have written it.
	UntrustedAPIKey string

	// KeyLabel names the secret that signed the request; empty unless the signature held.
	KeyLabel string

	age    time.Duration
	hasAge bool
	cause  error
}

// Error is the line for logs.
func (e *Error) Error() string {
	return "hookproof: " + e.Detail
}

// Age is that of the token, negative if it comes from the future; false while it is not known.
func (e *Error) Age() (time.Duration, bool) {
	return e.age, e.hasAge
}

// Is makes errors.Is(err, ErrReplay) and errors.Is(err, ReasonReplayDuplicate) true where they are.
func (e *Error) Is(target error) bool {
	switch target := target.(type) {
	case Reason:
		return e.Reason == target
	case *family:
		return e.Reason.row().family == target
	}
	return false
}

// Unwrap is the failure of the application's own store or key source that led to the refusal, if one did. It is not part of
// the text.
func (e *Error) Unwrap() error {
	return e.cause
}

// Reason is why a request was refused: a number of the one table of all languages. It is an error of its own, so that
// errors.Is(err, hookproof.ReasonTimeStale) asks for one.
type Reason int32

type reasonRow struct {
	reason  Reason
	family  *family
	name    string
	message string
	hint    string
}

func (r Reason) row() reasonRow {
	for _, row := range reasonRows {
		if row.reason == r {
			return row
		}
	}
	return reasonRow{
		reason: r, name: native.StatusName(int32(r)), message: native.StatusMessage(int32(r)), family: &unknownFamily,
	}
}

// String is the dotted name, the same in every language: "time.stale".
func (r Reason) String() string { return r.row().name }

// Message is one sentence that says what the reason means.
func (r Reason) Message() string { return r.row().message }

// Hint has the likely causes, the most likely first.
func (r Reason) Hint() string { return r.row().hint }

// Error is the dotted name.
func (r Reason) Error() string { return r.String() }

// family is what a sentinel of a family of reasons is.
type family struct{ name string }

func (f *family) Error() string { return "hookproof: refused: " + f.name }

var unknownFamily = family{"unknown"}

// ConfigError is a configuration that was refused: of a verifier, a keyring, a store or a signer. It names the place, never a
// value.
type ConfigError struct {
	// Message says what is wrong.
	Message string
}

func (e *ConfigError) Error() string { return "hookproof: configuration: " + e.Message }

func configError(status int32, said string) error {
	if status == native.OK {
		return nil
	}
	if said == "" {
		said = native.StatusMessage(status)
	}
	return &ConfigError{said}
}

// StoreError is a claim that could not be ended, because the store did not answer.
type StoreError struct {
	// Message says why, in the store's own words.
	Message string
	cause   error
}

func (e *StoreError) Error() string { return "hookproof: the replay store: " + e.Message }

// Unwrap is the failure of the application's own client, if there was one.
func (e *StoreError) Unwrap() error { return e.cause }

// CallError is a call that the library did not carry out, such as one of a verifier that was closed. Nothing was accepted.
type CallError struct {
	// Message says what is wrong.
	Message string
}

func (e *CallError) Error() string { return "hookproof: " + e.Message }

// ErrNoStore is the answer to a receive without a store: name one with WithStore.
var ErrNoStore error = &ConfigError{"there is no store to remember requests in: use WithStore"}

// ErrNoEffect is the answer to a confirm or release of a claim that had ended before, or that another owner has: when a handler
// ran longer than its lease, the work may be done twice.
var ErrNoEffect = errors.New("hookproof: the claim had ended before")

// HTTPStatus is what to answer for what a call of this package returned: 200 for nil, that of an [*Error], and 503 for
// everything else. The second value is for the field Retry-After; 0: send none.
func HTTPStatus(err error) (int, time.Duration) {
	var refusal *Error
	switch {
	case err == nil:
		return http.StatusOK, 0
	case errors.As(err, &refusal):
		return refusal.HTTPStatus, refusal.RetryAfter
	default:
		return http.StatusServiceUnavailable, defaultRetryAfter
	}
}

// What goes with an answer that is not the verifier's.
const defaultRetryAfter = 5 * time.Second

// failure is what an answer says that is not an acceptance.
func failure(answer *native.Answer, cause error) error {
	if answer.Status < 100 {
		return &CallError{native.StatusMessage(answer.Status)}
	}
	reason := Reason(answer.Status)
	return &Error{
		Reason:          reason,
		HTTPStatus:      int(answer.HTTPStatus),
		Retry:           answer.Retries,
		RetryAfter:      time.Duration(answer.RetryAfter) * time.Second,
		Hint:            reason.Hint(),
		Detail:          answer.Texts[native.Detail],
		UntrustedAPIKey: answer.Texts[native.UntrustedAPIKey],
		KeyLabel:        answer.Texts[native.KeyLabel],
		age:             time.Duration(answer.Age) * time.Second,
		hasAge:          answer.HasAge,
		cause:           cause,
	}
}
