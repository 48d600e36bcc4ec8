// Package gin shows hookproof with github.com/gin-gonic/gin.
package gin

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/hookproof/hookproof/go"
)

// Verified makes hookproof's middleware one of gin's. Put it before middlewares that answer, and gin's own recovery before it: a panic
// releases the claim and goes on.
func Verified(verifier *hookproof.Verifier, options ...hookproof.MiddlewareOption) gin.HandlerFunc {
	return func(c *gin.Context) {
		passed := false
		next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			passed = true
			c.Request = r
			// What the handlers write goes through hookproof's writer, which confirms or releases by the status.
			own := c.Writer
			c.Writer = &writer{ResponseWriter: own, to: w, status: http.StatusOK}
			defer func() { c.Writer = own }()
			c.Next()
			// gin keeps a status without a body until the end.
			c.Writer.WriteHeaderNow()
		})
		verifier.Middleware(next, options...).ServeHTTP(c.Writer, c.Request)
		if !passed {
			c.Abort()
		}
	}
}

// writer is gin's writer over hookproof's.
type writer struct {
	gin.ResponseWriter
	to      http.ResponseWriter
	status  int
	size    int
	written bool
}

func (w *writer) WriteHeader(status int) {
	if status > 0 && !w.written {
		w.status = status
	}
}

func (w *writer) WriteHeaderNow() {
	if !w.written {
		w.written = true
		w.to.WriteHeader(w.status)
	}
}

func (w *writer) Write(p []byte) (int, error) {
	w.WriteHeaderNow()
	n, err := w.to.Write(p)
	w.size += n
	return n, err
}

func (w *writer) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

func (w *writer) Flush() {
	w.WriteHeaderNow()
	_ = http.NewResponseController(w.to).Flush()
}

func (w *writer) Header() http.Header         { return w.to.Header() }
func (w *writer) Status() int                 { return w.status }
func (w *writer) Size() int                   { return w.size }
func (w *writer) Written() bool               { return w.written }
func (w *writer) Unwrap() http.ResponseWriter { return w.to }

// Routes has one route whose webhooks are verified.
func Routes(verifier *hookproof.Verifier, handle gin.HandlerFunc) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	routes := gin.New()
	routes.Use(gin.Recovery())
	routes.POST("/webhooks", Verified(verifier), handle)
	return routes
}
