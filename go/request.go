package hookproof

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/hookproof/hookproof/go/internal/native"
)

// Duplicates says what becomes of a repeat whose work is done.
type Duplicates int

const (
	// RefuseDuplicates refuses it as ReasonReplayDuplicate, whose answer is 200.
	RefuseDuplicates Duplicates = iota

	// HandOnDuplicates accepts it once more, marked by [Webhook.IsDuplicate]: for endpoints whose answer has content, such as a
	// Voice answer URL, which must give it again and must not do the work again.
	HandOnDuplicates
)

// Request is one HTTP request, as it was received.
type Request struct {
	// Context bounds what the application's own key source and store may take. nil: the background.
	Context context.Context

	// Method is that of the request line, case-sensitive. It is needed: "POST" for most webhooks.
	Method string

	// Header has all fields. Names are found in any case, and a field that stands twice is seen.
	Header http.Header

	// Query is the raw query, without the question mark.
	Query string

	// Body has the raw bytes received, before any parser touched them. [Verifier.Begin] does not read it.
	Body []byte

	// ContentLength is what [Verifier.Begin] takes for the length that the request announces; 0 or less: it is not known.
	ContentLength int64

	// Route is your name for the endpoint, for the profiles that choose the secret by it.
	Route string

	// Duplicates says what Receive and VerifyOnce do with a repeat.
	Duplicates Duplicates

	// Keyring is for this request alone. nil: that of the verifier.
	Keyring *Keyring

	// Now is the time to judge by. The zero time: that of the verifier's clock.
	Now time.Time

	account    string
	hasAccount bool
}

// FromHTTP is a request of net/http, whose body was read before.
func FromHTTP(r *http.Request, body []byte) Request {
	return Request{
		Context:       r.Context(),
		Method:        r.Method,
		Header:        r.Header,
		Query:         r.URL.RawQuery,
		Body:          body,
		ContentLength: r.ContentLength,
	}
}

// ForAccount is the request at an endpoint that serves one account: a valid token of another is ReasonKeyMismatch. An empty
// apiKey matches none.
func (r Request) ForAccount(apiKey string) Request {
	r.account, r.hasAccount = apiKey, true
	return r
}

func (r *Request) context() context.Context {
	if r.Context == nil {
		return context.Background()
	}
	return r.Context
}

// native fills in what the library takes of the request.
func (v *Verifier) request(r *Request, to *native.Request) {
	to.Method = r.Method
	to.Header, to.HeaderCount = v.field(r.Header)
	to.Query, to.Route, to.Body = r.Query, r.Route, r.Body
	to.Account, to.HasAccount = r.account, r.hasAccount
	to.DeclaredLen = native.LengthUnknown
	if r.ContentLength > 0 {
		to.DeclaredLen = uint64(r.ContentLength)
	}
	to.Duplicates = native.DuplicatesRefuse
	if r.Duplicates == HandOnDuplicates {
		to.Duplicates = native.DuplicatesHandOn
	}
	to.Now = v.unix(r.Now)
}

// field finds the field of the signature, and how many of it there are. Names that differ in case are one: a header that did not
// come from net/http may have them.
func (v *Verifier) field(header http.Header) (string, int) {
	value, count := "", 0
	for name, values := range header {
		if len(name) != len(v.headerName) || !strings.EqualFold(name, v.headerName) {
			continue
		}
		if count == 0 && len(values) > 0 {
			value = values[0]
		}
		count += len(values)
	}
	return value, count
}

func (v *Verifier) unix(now time.Time) int64 {
	if now.IsZero() {
		now = v.clock()
	}
	return now.Unix()
}
