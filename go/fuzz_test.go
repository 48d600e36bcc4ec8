package hookproof_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hookproof/hookproof/go"
	"github.com/hookproof/hookproof/go/hooktest"
)

// Whatever bytes come, the answer is an acceptance of what was signed or a refusal, the same for a body in one piece and in several, and
// it does not repeat the token.
func FuzzRequest(f *testing.F) {
	clock := hooktest.NewClock()
	clock.Set(time.Unix(1_767_225_600, 0))
	signer := hooktest.NewSigner(apiKey, secret, hooktest.WithClock(clock))
	good := signer.Sign(body)
	f.Add("POST", good, "Authorization", "", "", body)
	f.Add("GET", signer.SignQuery("to=1&from=2"), "authorization", "to=1&from=2", "route", []byte{})
	f.Add("POST", "Bearer \x00\xff.é.", "AUTHORIZATION", "%zz=\xff", "\xff", []byte("\xff\x00"))
	f.Add("", "", "", "", "", []byte(nil))
	store, err := hookproof.NewMemoryStore(1 << 16)
	check(f, err)
	verifier, err := hookproof.New(hookproof.WithSecret(apiKey, secret), hookproof.WithClock(clock.Now), hookproof.WithStore(store))
	check(f, err)
	f.Fuzz(func(t *testing.T, method, value, name, query, route string, content []byte) {
		request := hookproof.Request{
			Method: method, Header: http.Header{name: {value}}, Query: query, Route: route, Body: content, ContentLength: int64(len(content)),
		}
		webhook, err := verifier.Verify(request)
		var refusal *hookproof.Error
		switch {
		case err == nil:
			if webhook.APIKey != apiKey || webhook.JTI == "" {
				t.Error("nothing but the seeds can be accepted")
			}
			if _, err := webhook.Event(); err != nil {
				t.Error(err)
			}
		case !errors.As(err, &refusal):
			t.Fatalf("%T: %v", err, err)
		default:
			if refusal.HTTPStatus == 0 || refusal.Detail == "" || refusal.Reason.String() == "unknown" {
				t.Errorf("%+v", refusal)
			}
			if token := strings.TrimPrefix(value, "Bearer "); len(token) > 64 && strings.Contains(err.Error(), token) {
				t.Error("the token stands in the error")
			}
		}
		pending, streamed := verifier.Begin(request)
		if streamed == nil {
			half := len(content) / 2
			_, streamed = pending.Write(content[:half])
			if streamed == nil {
				_, streamed = pending.Write(content[half:])
			}
			if streamed == nil {
				_, streamed = pending.Finish()
			}
		}
		var other *hookproof.Error
		if (err == nil) != (streamed == nil) || errors.As(streamed, &other) && other.Reason != refusal.Reason {
			t.Errorf("in one piece %v, in two %v", err, streamed)
		}
		_, _ = hookproof.ParseUnsigned(hookproof.CarrierJSON, content)
		_, _ = hookproof.ParseUnsigned(hookproof.CarrierForm, content)
		if event, err := hookproof.ParseUnsigned(hookproof.CarrierQuery, content); err != nil || event.Signed {
			t.Error(event, err)
		}
	})
}
