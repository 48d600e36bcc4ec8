package hookproof_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/hookproof/hookproof/go"
	"github.com/hookproof/hookproof/go/events"
	"github.com/hookproof/hookproof/go/hooktest"
)

// Receive does the work of each request once, whatever server the request came by.
func ExampleVerifier_Receive() {
	store, err := hookproof.NewMemoryStore(hookproof.DefaultStoreCapacity)
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := hookproof.New(hookproof.WithSecret("a1b2c3d4", "the signature secret"), hookproof.WithStore(store))
	if err != nil {
		log.Fatal(err)
	}
	body := []byte(`{"text":"hello"}`)
	header := http.Header{"Authorization": {hooktest.NewSigner("a1b2c3d4", "the signature secret").Sign(body)}}

	request := hookproof.Request{Method: "POST", Header: header, Body: body}
	for range 2 {
		err := verifier.Receive(request, func(webhook *hookproof.Webhook) error {
			fmt.Println("from", webhook.APIKey)
			return nil // an error releases the claim: the sender tries again
		})
		status, _ := hookproof.HTTPStatus(err)
		fmt.Println(status, errors.Is(err, hookproof.ErrReplay))
	}
	// Output:
	// from a1b2c3d4
	// 200 false
	// 200 true
}

// Middleware verifies before the handler sees a request.
func ExampleVerifier_Middleware() {
	store, err := hookproof.NewMemoryStore(hookproof.DefaultStoreCapacity)
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := hookproof.New(hookproof.WithSecret("a1b2c3d4", "the signature secret"), hookproof.WithStore(store))
	if err != nil {
		log.Fatal(err)
	}
	handler := verifier.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		webhook, _ := hookproof.FromContext(r.Context())
		body, _ := io.ReadAll(r.Body) // as it was sent
		fmt.Println(webhook.APIKey, string(body))
	}))

	// In a test of the application:
	signer := hooktest.NewSigner("a1b2c3d4", "the signature secret")
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, signer.NewRequest("POST", "/webhooks", []byte(`{"text":"hello"}`)))
	fmt.Println(answer.Code)
	// Output:
	// a1b2c3d4 {"text":"hello"}
	// 200
}

// A webhook's event has a type of its own for each kind.
func ExampleWebhook_Event() {
	verifier, err := hookproof.New(hookproof.WithSecret("a1b2c3d4", "the signature secret"))
	if err != nil {
		log.Fatal(err)
	}
	body := []byte(`{"channel":"sms","message_uuid":"aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab","to":"447700900000",` +
		`"from":"447700900001","timestamp":"2026-01-01T00:00:00Z","text":"Hello","message_type":"text"}`)
	header := http.Header{"Authorization": {hooktest.NewSigner("a1b2c3d4", "the signature secret").Sign(body)}}
	webhook, err := verifier.Verify(hookproof.Request{Method: "POST", Header: header, Body: body})
	if err != nil {
		log.Fatal(err)
	}
	event, err := webhook.Event()
	if err != nil {
		log.Fatal(err)
	}
	switch detail := event.Detail.(type) {
	case *events.MessagesInbound:
		fmt.Println(event.From, "says", detail.Text)
	case *events.MessagesStatus:
		fmt.Println(event.ID, "is", event.Status)
	default:
		fmt.Println("something else:", event.JSON)
	}
	// Output:
	// 447700900001 says Hello
}

// The body of a large request is judged as it comes.
func ExampleVerifier_Begin() {
	verifier, err := hookproof.New(hookproof.WithSecret("a1b2c3d4", "the signature secret"))
	if err != nil {
		log.Fatal(err)
	}
	body := `{"text":"hello"}`
	signer := hooktest.NewSigner("a1b2c3d4", "the signature secret")
	request := signer.NewRequest("POST", "/webhooks", []byte(body))

	pending, err := verifier.Begin(hookproof.FromHTTP(request, nil))
	if err != nil {
		log.Fatal(err) // a forgery ends here, before its body is read
	}
	if _, err := io.Copy(pending, request.Body); err != nil {
		log.Fatal(err)
	}
	webhook, err := pending.Finish()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(webhook.PayloadForm)
	// Output:
	// body
}
