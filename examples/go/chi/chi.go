// Package chi shows hookproof with github.com/go-chi/chi: its middleware is that of net/http.
package chi

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/hookproof/hookproof/go"
)

// Routes has one route whose webhooks are verified.
func Routes(verifier *hookproof.Verifier, handle http.HandlerFunc) http.Handler {
	routes := chi.NewRouter()
	routes.With(func(next http.Handler) http.Handler { return verifier.Middleware(next) }).Post("/webhooks", handle)
	return routes
}
