// Package echo shows hookproof with github.com/labstack/echo.
package echo

import (
	"errors"
	"net/http"

	"github.com/hookproof/hookproof/go"
	"github.com/labstack/echo/v4"
)

// Verified makes hookproof's middleware one of echo's. An error that a handler returns is answered here, so that its status decides
// about the claim.
func Verified(verifier *hookproof.Verifier, options ...hookproof.MiddlewareOption) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				c.SetRequest(r)
				response := c.Response()
				own := response.Writer
				response.Writer = w
				defer func() { response.Writer = own }()
				if err := next(c); err != nil {
					c.Error(errOf(err))
				}
			})
			verifier.Middleware(handler, options...).ServeHTTP(c.Response().Writer, c.Request())
			return nil
		}
	}
}

// errOf makes an unexpected failure one that the sender repeats.
func errOf(err error) error {
	var known *echo.HTTPError
	if errors.As(err, &known) {
		return err
	}
	return echo.NewHTTPError(http.StatusServiceUnavailable).SetInternal(err)
}

// Routes has one route whose webhooks are verified.
func Routes(verifier *hookproof.Verifier, handle echo.HandlerFunc) http.Handler {
	routes := echo.New()
	routes.POST("/webhooks", handle, Verified(verifier))
	return routes
}
