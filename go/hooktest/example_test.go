package hooktest_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"time"

	"github.com/hookproof/hookproof/go"
	"github.com/hookproof/hookproof/go/hooktest"
)

// A test shares a clock with the verifier, and moves it.
func Example() {
	clock := hooktest.NewClock()
	signer := hooktest.NewSigner("a1b2c3d4", "a secret of the test", hooktest.WithClock(clock))
	store, err := hookproof.NewMemoryStore(100)
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := hookproof.New(hookproof.WithSecret("a1b2c3d4", "a secret of the test"), hookproof.WithClock(clock.Now), hookproof.WithStore(store))
	if err != nil {
		log.Fatal(err)
	}
	handler := verifier.Middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}),
		hookproof.OnError(func(w http.ResponseWriter, _ *http.Request, err error) {
			fmt.Println(err.(*hookproof.Error).Reason)
			hookproof.AnswerError(w, err)
		}))
	send := func(request *http.Request) {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		fmt.Println(answer.Code)
	}
	send(signer.NewRequest("POST", "/webhooks", []byte(`{"text":"hello"}`)))
	send(signer.NewRequest("GET", "/answer?to=447700900000&from=447700900001", nil))
	send(signer.NewRequest("POST", "/webhooks", []byte("{}"), hooktest.With("iss", "Somebody")))
	late := signer.NewRequest("POST", "/webhooks", []byte("{}"))
	clock.Advance(301 * time.Second)
	send(late)
	// Output:
	// 200
	// 200
	// issuer.mismatch
	// 503
	// time.stale
	// 503
}

// The SMS API's own signature stands among the parameters.
func ExampleSigner_SignSMS() {
	signer := hooktest.NewSigner("a1b2c3d4", "a secret of the test")
	signed := signer.SignSMS("sha256", url.Values{"api-key": {"a1b2c3d4"}, "text": {"Hi"}})

	verifier, err := hookproof.New(hookproof.WithSecret("a1b2c3d4", "a secret of the test"), hookproof.WithProfile(hookproof.SMSSHA256))
	if err != nil {
		log.Fatal(err)
	}
	webhook, err := verifier.Verify(hookproof.Request{Method: "GET", Query: signed})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(webhook.QueryValue("text"))
	// Output:
	// Hi true
}
