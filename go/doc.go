// Package hookproof verifies signed Vonage webhooks: that a request is from Vonage, that nobody changed it, that it is fresh,
// and that it is not a repeat. It decides nothing itself: the C library libhookproof does, with one answer in every language.
//
//	store, err := hookproof.NewFileStore("/var/lib/app/seen.db")
//	...
//	verifier, err := hookproof.New(hookproof.WithKeyringJSON(keyring), hookproof.WithStore(store))
//	...
//	http.Handle("POST /webhooks", verifier.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
//		webhook, _ := hookproof.FromContext(r.Context())
//		...
//	})))
//
// [Verifier.Middleware] judges the head of a request before it reads the body, claims the request in the store, runs the
// handler, and confirms the claim just before a 2xx leaves: a repeat is a duplicate from then on. Any other answer releases
// it, so that the sender's retry is worked on. [Verifier.Receive] does the same without net/http, [Verifier.Verify] makes the
// checks and asks no store, and [Verifier.VerifyOnce] is the at-most-once form.
//
// A refusal is an [*Error], with the [Reason] and what to answer; [errors.Is] tells the families apart. No error and no log
// line has the token, the body or a secret in it. What is wrong with a configuration is a [*ConfigError].
//
// The package hooktest signs what an application's own tests need.
package hookproof
