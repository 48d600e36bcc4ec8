package hookproof

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// responseWriter ends the claim by the status, just before it leaves.
type responseWriter struct {
	http.ResponseWriter
	received                 *Received
	wrote, settled, hijacked bool
	// The status says that the work is done, and no more of the answer than so many bytes waits in net/http's buffer.
	done    bool
	waiting int
}

// held is what net/http keeps in its buffer, with the header before it, until the handler returns; HTTP/2 keeps more.
const held = 2048

func (w *responseWriter) settle(done bool) {
	if !w.settled {
		w.settled = true
		w.received.settleAs(done)
	}
}

// isDone says whether a status tells the sender that the work is done.
func isDone(status int) bool {
	return status >= http.StatusOK && status <= http.StatusResetContent
}

func (w *responseWriter) WriteHeader(status int) {
	// The others from 100 to 199 come before the answer.
	if status >= 200 || status == http.StatusSwitchingProtocols {
		w.answer(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

// answer takes the status. One that says that the work is done confirms nothing before it leaves: a handler that panics until then
// has its answer thrown away by net/http, and the sender's retry must be worked on.
func (w *responseWriter) answer(status int) {
	if !w.wrote {
		w.wrote, w.done = true, isDone(status)
		if !w.done {
			w.settle(false)
		}
	}
}

// leave says that so many bytes follow.
func (w *responseWriter) leave(bytes int) {
	w.answer(http.StatusOK)
	w.waiting += min(bytes, held+1)
	if w.waiting > held {
		w.settle(w.done)
	}
}

func (w *responseWriter) Write(p []byte) (int, error) {
	w.leave(len(p))
	return w.ResponseWriter.Write(p)
}

func (w *responseWriter) WriteString(s string) (int, error) {
	w.leave(len(s))
	return io.WriteString(w.ResponseWriter, s)
}

// ReadFrom keeps the way by which the system sends a file.
func (w *responseWriter) ReadFrom(from io.Reader) (int64, error) {
	w.answer(http.StatusOK)
	w.settle(w.done)
	if to, ok := w.ResponseWriter.(io.ReaderFrom); ok {
		return to.ReadFrom(from)
	}
	return io.Copy(struct{ io.Writer }{w.ResponseWriter}, from)
}

// FlushError is what http.ResponseController calls; it sends the header.
func (w *responseWriter) FlushError() error {
	w.answer(http.StatusOK)
	w.settle(w.done)
	return http.NewResponseController(w.ResponseWriter).Flush()
}

func (w *responseWriter) hijack() (net.Conn, *bufio.ReadWriter, error) {
	if w.wrote {
		// The header leaves with it.
		w.settle(w.done)
	}
	conn, buffer, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil {
		w.hijacked = true
	}
	return conn, buffer, err
}

// Unwrap lets http.ResponseController reach what the server's own writer can do.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// The interfaces that handlers ask for by a type assertion are there exactly when the server's own writer has them.
type (
	flusher  struct{ *responseWriter }
	hijacker struct{ *responseWriter }
	both     struct{ *responseWriter }
)

func (w flusher) Flush() { _ = w.FlushError() }

func (w hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) { return w.hijack() }

func (w both) Flush() { _ = w.FlushError() }

func (w both) Hijack() (net.Conn, *bufio.ReadWriter, error) { return w.hijack() }

// hijackable says whether http.ResponseController would find a connection to take over, also behind other writers: it must not be
// found past this one.
func hijackable(w http.ResponseWriter) bool {
	for {
		if _, ok := w.(http.Hijacker); ok {
			return true
		}
		outer, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return false
		}
		w = outer.Unwrap()
	}
}

func (w *responseWriter) wrap() http.ResponseWriter {
	_, flushes := w.ResponseWriter.(http.Flusher)
	hijacks := hijackable(w.ResponseWriter)
	switch {
	case flushes && hijacks:
		return both{w}
	case flushes:
		return flusher{w}
	case hijacks:
		return hijacker{w}
	default:
		return w
	}
}
