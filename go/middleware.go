package hookproof

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
)

type contextKey struct{}

// FromContext is the webhook that a [Verifier.Middleware] verified for the handler of this context.
func FromContext(ctx context.Context) (*Webhook, bool) {
	webhook, ok := ctx.Value(contextKey{}).(*Webhook)
	return webhook, ok
}

// ErrorHandler answers a request that was refused, or whose work ended in a panic before anything was written; [HTTPStatus] has what to
// answer, [Answer] does it. The answer must not say which check failed.
type ErrorHandler func(w http.ResponseWriter, r *http.Request, err error)

// MiddlewareOption is a setting of one middleware.
type MiddlewareOption func(*middleware)

// OnError replaces the answer to refusals. The default logs the error, and calls [AnswerError].
func OnError(handler ErrorHandler) MiddlewareOption {
	return func(m *middleware) {
		if handler != nil {
			m.onError = handler
		}
	}
}

// HandDuplicatesOn lets the handler see repeats of what is done, marked by [Webhook.IsDuplicate]: for endpoints whose answer has
// content, such as a Voice answer URL.
func HandDuplicatesOn() MiddlewareOption {
	return func(m *middleware) { m.duplicates = HandOnDuplicates }
}

// ForRoute names the endpoint, for the profiles that choose the secret by it.
func ForRoute(route func(*http.Request) string) MiddlewareOption {
	return func(m *middleware) { m.route = route }
}

// ForAccount names the account that the endpoint serves: see [Request.ForAccount].
func ForAccount(apiKey func(*http.Request) string) MiddlewareOption {
	return func(m *middleware) { m.account = apiKey }
}

// OnEnd is told how each claim ended: confirmed (done) or released, with an [ErrNoEffect] or [*StoreError] where that had no effect,
// which is logged too. For metrics.
func OnEnd(told func(webhook *Webhook, done bool, err error)) MiddlewareOption {
	return func(m *middleware) { m.onEnd = told }
}

type middleware struct {
	onEnd      func(*Webhook, bool, error)
	verifier   *Verifier
	next       http.Handler
	onError    ErrorHandler
	duplicates Duplicates
	route      func(*http.Request) string
	account    func(*http.Request) string
}

// Middleware verifies each request before the handler sees it, and lets the handler work on each once.
//
//   - The head is judged before one byte of the body is read, so that a forged upload costs no memory.
//   - The handler gets the body as it was sent, and the webhook from [FromContext].
//   - The claim is confirmed just before a status of 200 to 205 leaves, or when the handler returns without one. It is released before
//     any other status leaves, when the handler panics, and when it returns without an answer after the sender has gone. A short
//     answer that is not flushed leaves when the handler returns: net/http throws it away after a panic. A panic goes on to net/http;
//     where nothing was written, the retry status is answered first, so that the sender keeps the message.
//   - A handler that takes over the connection leaves no status to go by: the claim is released when it returns.
//   - A claim that could not be ended is logged: the work is done, or it is not.
//
// The server's own ReadTimeout and ReadHeaderTimeout bound slow senders.
func (v *Verifier) Middleware(next http.Handler, options ...MiddlewareOption) http.Handler {
	m := &middleware{verifier: v, next: next}
	m.onError = func(w http.ResponseWriter, r *http.Request, err error) {
		v.logRefusal(r, err)
		AnswerError(w, err)
	}
	for _, option := range options {
		option(m)
	}
	return m
}

func (v *Verifier) logRefusal(r *http.Request, err error) {
	level := slog.LevelWarn
	attributes := []slog.Attr{slog.String("error", err.Error())}
	var refusal *Error
	if errors.As(err, &refusal) {
		attributes = append(attributes, slog.String("reason", refusal.Reason.String()))
		if refusal.Reason == ReasonReplayDuplicate {
			level = slog.LevelInfo
		}
	}
	v.log().LogAttrs(r.Context(), level, "hookproof: webhook refused", attributes...)
}

// AnswerError answers what a call of this package returned, with the same text for every refusal.
func AnswerError(w http.ResponseWriter, err error) {
	status, retryAfter := HTTPStatus(err)
	text := "refused\n"
	if status == http.StatusOK {
		text = "ok\n"
	}
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Length", strconv.Itoa(len(text)))
	if retryAfter > 0 {
		header.Set("Retry-After", strconv.FormatInt(int64(retryAfter.Seconds()), 10))
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

func (m *middleware) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	received, body, err := m.receive(w, r)
	if err != nil {
		m.onError(w, r, err)
		return
	}
	received.Webhook.Body = body
	received.told = m.onEnd
	inner := r.WithContext(context.WithValue(r.Context(), contextKey{}, received.Webhook))
	inner.Body = io.NopCloser(bytes.NewReader(body))
	inner.ContentLength = int64(len(body))
	inner.TransferEncoding = nil
	m.serve(&responseWriter{ResponseWriter: w, received: received}, inner)
}

// receive judges the head, reads the body, and claims.
func (m *middleware) receive(w http.ResponseWriter, r *http.Request) (*Received, []byte, error) {
	request := FromHTTP(r, nil)
	request.Duplicates = m.duplicates
	if m.route != nil {
		request.Route = m.route(r)
	}
	if m.account != nil {
		request = request.ForAccount(m.account(r))
	}
	pending, err := m.verifier.Begin(request)
	if err != nil {
		return nil, nil, err
	}
	defer pending.Close()
	body, err := m.read(w, r, pending)
	if err != nil {
		return nil, nil, err
	}
	received, err := pending.Claim()
	return received, body, err
}

const firstRoom = 4096

// read reads the body and feeds it. The verifier's ceiling is the first to be met; that of net/http also closes the connection.
func (m *middleware) read(w http.ResponseWriter, r *http.Request, pending *Pending) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	limit := int64(m.verifier.maxBody)
	from := http.MaxBytesReader(w, r.Body, limit)
	room := int64(firstRoom)
	if r.ContentLength > 0 {
		// One more, so that the end is met without growing.
		room = min(r.ContentLength, limit) + 1
	}
	body := make([]byte, 0, room)
	for {
		if len(body) == cap(body) {
			body = append(body, 0)[:len(body)]
		}
		n, err := from.Read(body[len(body):cap(body)])
		if n > 0 {
			if _, refusal := pending.Write(body[len(body) : len(body)+n]); refusal != nil {
				return nil, refusal
			}
			body = body[:len(body)+n]
		}
		var tooLarge *http.MaxBytesError
		switch {
		case err == nil:
		case errors.Is(err, io.EOF):
			return body, nil
		case errors.As(err, &tooLarge):
			// The verifier's own words for it: the reader has kept the byte that is too much.
			if _, refusal := pending.Write(make([]byte, limit-int64(len(body))+1)); refusal != nil {
				return nil, refusal
			}
			return nil, err
		default:
			return nil, &bodyError{err}
		}
	}
}

// bodyError is a body that did not arrive. What net/http says of it may quote the peer, and is not shown.
type bodyError struct{ cause error }

func (e *bodyError) Error() string { return "hookproof: the body of the request did not arrive" }

func (e *bodyError) Unwrap() error { return e.cause }

// errPanic is what an ErrorHandler is told after a panic of the handler.
var errPanic = errors.New("hookproof: the handler panicked; the claim was released")

func (m *middleware) serve(w *responseWriter, r *http.Request) {
	returned := false
	defer func() {
		if returned {
			return
		}
		// A panic, which goes on, or the end of the goroutine.
		w.settle(false)
		if cause := recover(); cause != nil {
			if !w.wrote && !w.hijacked && cause != http.ErrAbortHandler {
				clear(w.Header())
				// net/http ends it after a panic: the sender must not send its retry on it.
				w.Header().Set("Connection", "close")
				m.onError(w.ResponseWriter, r, errPanic)
				// net/http closes the connection without sending what is still in its buffer.
				_ = http.NewResponseController(w.ResponseWriter).Flush()
			}
			panic(cause)
		}
	}()
	m.next.ServeHTTP(w.wrap(), r)
	returned = true
	switch {
	case w.hijacked:
		w.settle(false)
	case w.wrote:
		w.settle(w.done)
	default:
		// net/http now answers 200. Somebody must be there to get it.
		w.settle(r.Context().Err() == nil)
	}
}
