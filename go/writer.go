package hookproof

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// responseWriter ends the claim by the status that is about to leave.
type responseWriter struct {
	http.ResponseWriter
	received                 *Received
	wrote, settled, hijacked bool
}

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

func (w *responseWriter) answer(status int) {
	if !w.wrote {
		w.wrote = true
		w.settle(isDone(status))
	}
}

func (w *responseWriter) Write(p []byte) (int, error) {
	w.answer(http.StatusOK)
	return w.ResponseWriter.Write(p)
}

func (w *responseWriter) WriteString(s string) (int, error) {
	w.answer(http.StatusOK)
	return io.WriteString(w.ResponseWriter, s)
}

// ReadFrom keeps the way by which the system sends a file.
func (w *responseWriter) ReadFrom(from io.Reader) (int64, error) {
	w.answer(http.StatusOK)
	if to, ok := w.ResponseWriter.(io.ReaderFrom); ok {
		return to.ReadFrom(from)
	}
	return io.Copy(struct{ io.Writer }{w.ResponseWriter}, from)
}

// FlushError is what http.ResponseController calls; it sends the header.
func (w *responseWriter) FlushError() error {
	w.answer(http.StatusOK)
	return http.NewResponseController(w.ResponseWriter).Flush()
}

func (w *responseWriter) hijack() (net.Conn, *bufio.ReadWriter, error) {
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

func (w *responseWriter) wrap() http.ResponseWriter {
	_, flushes := w.ResponseWriter.(http.Flusher)
	_, hijacks := w.ResponseWriter.(http.Hijacker)
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
