package hookproof

import (
	"sync/atomic"
	"time"

	"github.com/hookproof/hookproof/go/events"
	"github.com/hookproof/hookproof/go/internal/native"
)

// ReplayCheck is what was found out about a repeat.
type ReplayCheck string

const (
	// ReplayClaimed: it is the only one, to be confirmed or released.
	ReplayClaimed ReplayCheck = "claimed"

	// ReplayRecorded: it is the only one, and done at once.
	ReplayRecorded ReplayCheck = "recorded"

	// ReplayDuplicate: it is a repeat that was handed on.
	ReplayDuplicate ReplayCheck = "duplicate"

	// ReplayUnavailable: the store did not answer, and the policy accepts that.
	ReplayUnavailable ReplayCheck = "unavailable"

	// ReplayNotChecked: no store was asked.
	ReplayNotChecked ReplayCheck = "not_checked"
)

// Webhook is a request that passed every check. Any number of goroutines may read it, as long as they like.
//
// The signature does not cover the method, the query of a POST, the route and other header fields.
type Webhook struct {
	// APIKey is the verified account.
	APIKey string

	// JTI is the verified unique id of the token. A request that comes twice has the same pair of APIKey and JTI.
	JTI string

	// ApplicationID is the verified application; empty when the token names none.
	ApplicationID string

	// KeyLabel names the secret that signed the request.
	KeyLabel string

	// PayloadForm is what the signature covered: "body", "query" for a GET, the name of another form that was enabled, or "unhashed".
	PayloadForm string

	// Replay is what was found out about a repeat.
	Replay ReplayCheck

	// ReplayExtent says in words what the store covers that was asked; empty if none was.
	ReplayExtent string

	// IssuedAt is when the token was issued.
	IssuedAt time.Time

	// Age is that of the token, negative if it comes from the future.
	Age time.Duration

	// KeyringGeneration is that of the keyring that judged: 1 for the first, 0 for one that came with the request.
	KeyringGeneration uint64

	// Body is the body that was verified; nil where it was streamed.
	Body []byte

	result native.Result
	event  atomic.Pointer[events.Event]
}

// IsDuplicate says that the request is a repeat of what is done, handed on: give the answer again, and do not do the work again.
func (w *Webhook) IsDuplicate() bool { return w.Replay == ReplayDuplicate }

// ClaimsJSON has all verified claims, the JSON object as it stood in the token.
func (w *Webhook) ClaimsJSON() string { return w.result.ClaimsJSON() }

// Claim looks up a verified claim that is a string.
func (w *Webhook) Claim(name string) (string, bool) { return w.result.ClaimText(name) }

// ClaimInteger looks up a verified claim that is a whole number from 0 on.
func (w *Webhook) ClaimInteger(name string) (int64, bool) { return w.result.ClaimInteger(name) }

// Parameter is a decoded parameter of a GET.
type Parameter struct{ Name, Value string }

// Query are the decoded parameters of a GET, in the order of the URL, which are what its signature covers: use them rather than
// what a framework has decoded. Empty for a request with a body, whose query nothing signs.
func (w *Webhook) Query() []Parameter {
	pairs := w.result.Query()
	parameters := make([]Parameter, len(pairs))
	for i, pair := range pairs {
		parameters[i] = Parameter{pair[0], pair[1]}
	}
	return parameters
}

// QueryValue is the value of one of these parameters.
func (w *Webhook) QueryValue(name string) (string, bool) {
	for _, parameter := range w.Query() {
		if parameter.Name == name {
			return parameter.Value, true
		}
	}
	return "", false
}

// Event is what the webhook says, as typed values: switch on the type of its Detail. It is read at the first call. A body that
// changed since it was verified is ReasonPayloadMismatch; so is one that was streamed: give it to [Webhook.ReadEvent].
func (w *Webhook) Event() (*events.Event, error) {
	if event := w.event.Load(); event != nil {
		return event, nil
	}
	event, err := w.ReadEvent(w.Body)
	if err == nil {
		w.event.Store(event)
	}
	return event, err
}

// ReadEvent is Event for a body that was streamed, given again: it is hashed and compared, so that nothing unverified can be read as
// verified.
func (w *Webhook) ReadEvent(body []byte) (*events.Event, error) {
	json, status := w.result.Event(body)
	if status != native.OK {
		return nil, readFailure(status)
	}
	return events.FromJSON(json)
}

// Close frees what the library holds of the webhook, before the garbage collector would. The claims, the query and the event
// cannot be read any more; the fields stay.
func (w *Webhook) Close() { w.result.Close() }

func readFailure(status int32) error {
	if status < 100 {
		return &CallError{"the event cannot be read: " + native.StatusMessage(status)}
	}
	reason := Reason(status)
	return &Error{
		Reason:     reason,
		HTTPStatus: 503,
		Retry:      true,
		RetryAfter: defaultRetryAfter,
		Hint:       reason.Hint(),
		Detail:     reason.String() + ": " + reason.Message(),
	}
}

// accept fills in what is known of an accepted request.
func (w *Webhook) accept(answer *native.Answer) {
	texts := &answer.Texts
	w.APIKey, w.JTI, w.ApplicationID = texts[native.APIKey], texts[native.JTI], texts[native.ApplicationID]
	w.KeyLabel, w.PayloadForm = texts[native.KeyLabel], texts[native.PayloadForm]
	w.Replay = ReplayCheck(texts[native.Replay])
	w.IssuedAt = time.Unix(answer.IssuedAt, 0)
	w.Age = time.Duration(answer.Age) * time.Second
	w.KeyringGeneration = answer.Generation
}
