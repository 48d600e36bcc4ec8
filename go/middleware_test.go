package hookproof_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hookproof/hookproof/go"
	"github.com/hookproof/hookproof/go/hooktest"
)

// lines is a log that goroutines write to.
type lines struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.String()
}

// served is a stand behind a real server.
type served struct {
	stand
	*httptest.Server
	log, serverLog *lines
}

func serve(t *testing.T, handler http.HandlerFunc, options ...hookproof.MiddlewareOption) served {
	t.Helper()
	return serveFor(t, time.Minute, handler, options...)
}

func serveFor(
	t *testing.T, readTimeout time.Duration, handler http.HandlerFunc, options ...hookproof.MiddlewareOption,
) served {
	t.Helper()
	ours, theirs := new(lines), new(lines)
	s := newStand(t, hookproof.WithLogger(slog.New(slog.NewTextHandler(ours, nil))))
	server := httptest.NewUnstartedServer(s.Middleware(handler, options...))
	server.Config.ErrorLog = log.New(theirs, "", 0)
	server.Config.ReadTimeout = readTimeout
	server.Start()
	t.Cleanup(server.Close)
	return served{s, server, ours, theirs}
}

func (s served) signed(t *testing.T, claims ...hooktest.Claim) *http.Request {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, s.URL+"/webhooks?not=signed", bytes.NewReader(body))
	check(t, err)
	s.signer.SignRequest(request, body, claims...)
	return request
}

// again is the same request, to be sent once more.
func again(t *testing.T, request *http.Request) *http.Request {
	t.Helper()
	repeat := request.Clone(t.Context())
	var err error
	repeat.Body, err = request.GetBody()
	check(t, err)
	return repeat
}

func (s served) send(t *testing.T, request *http.Request) (int, string, http.Header) {
	t.Helper()
	response, err := s.Client().Do(request)
	check(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	check(t, err)
	return response.StatusCode, string(text), response.Header
}

func (s served) expect(t *testing.T, request *http.Request, status int) {
	t.Helper()
	if got, text, _ := s.send(t, request); got != status {
		t.Fatalf("expected %d, got %d %q; log: %s", status, got, text, s.log)
	}
}

func TestMiddleware(t *testing.T) {
	var calls atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		webhook, ok := hookproof.FromContext(r.Context())
		got, err := io.ReadAll(r.Body)
		if !ok || err != nil || !bytes.Equal(got, body) || !bytes.Equal(webhook.Body, body) || r.ContentLength != int64(len(body)) ||
			webhook.APIKey != apiKey || webhook.Replay != hookproof.ReplayClaimed {
			t.Errorf("%+v %s", webhook, got)
		}
		event, err := webhook.Event()
		if err != nil || event.Kind != "inbound/sms" {
			t.Error(event, err)
		}
		w.WriteHeader(http.StatusNoContent)
	})
	request := s.signed(t)
	s.expect(t, request, 204)
	status, text, header := s.send(t, again(t, request))
	if status != 200 || text != "ok\n" || header.Get("Retry-After") != "" || calls.Load() != 1 {
		t.Error(status, text, header, calls.Load())
	}
	unsigned, err := http.NewRequest(http.MethodPost, s.URL, bytes.NewReader(body))
	check(t, err)
	status, text, header = s.send(t, unsigned)
	if status != 503 || text != "refused\n" || header.Get("Retry-After") != "5" {
		t.Error(status, text, header)
	}
	twice := s.signed(t)
	twice.Header.Add("Authorization", "Bearer x")
	s.expect(t, twice, 401)
	chunked := s.signed(t)
	chunked.ContentLength = -1
	s.expect(t, chunked, 204)
	if said := s.log.String(); !strings.Contains(said, "reason=header.missing") || !strings.Contains(said, "replay.duplicate") ||
		strings.Contains(said, "eyJ") || strings.Contains(said, "Hello") {
		t.Error(said)
	}
	if _, ok := hookproof.FromContext(t.Context()); ok {
		t.Error("there is no webhook")
	}
}

// The claim is confirmed before the status leaves: whoever has seen the answer finds a duplicate.
func TestConfirmsBeforeTheAnswerLeaves(t *testing.T) {
	finish := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		<-finish
	})
	request := s.signed(t)
	response, err := s.Client().Do(request)
	check(t, err)
	s.expect(t, again(t, request), 200)
	if !strings.Contains(s.log.String(), "replay.duplicate") {
		t.Error(s.log)
	}
	close(finish)
	check(t, response.Body.Close())
}

// Each way to answer, and whether the retry finds the request done.
func TestAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		status  int
		done    bool
	}{
		"nothing":     {func(http.ResponseWriter, *http.Request) {}, 200, true},
		"a text":      {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "x") }, 200, true},
		"bytes":       {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("x")) }, 200, true},
		"a copy":      {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.Copy(w, strings.NewReader("x")) }, 200, true},
		"a flush":     {func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush() }, 200, true},
		"205":         {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(205) }, 205, true},
		"206":         {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(206) }, 206, false},
		"302":         {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(302) }, 302, false},
		"429":         {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }, 429, false},
		"500":         {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "x", 500) }, 500, false},
		"103 and 200": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103); w.WriteHeader(200) }, 200, true},
		"103 and 500": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103); w.WriteHeader(500) }, 500, false},
		"200 and 500": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(200); w.WriteHeader(500) }, 200, true},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int64
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				test.handler(w, r)
			})
			s.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			request := s.signed(t)
			s.expect(t, request, test.status)
			if _, _, _ = s.send(t, again(t, request)); (calls.Load() == 1) != test.done {
				t.Error(calls.Load())
			}
		})
	}
}

func TestPanics(t *testing.T) {
	for name, test := range map[string]struct {
		handler  http.HandlerFunc
		answered int
		done     bool
	}{
		"before the header": {func(http.ResponseWriter, *http.Request) { panic("a bug") }, 503, false},
		"a header not sent": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-Odd", "x"); panic("a bug") }, 503, false},
		"after 200":         {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(200); panic("a bug") }, 0, false},
		"in a short answer": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 2048)); panic("a bug") }, 0, false},
		"after 500":         {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500); panic("a bug") }, 0, false},
		"an abortion":       {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 0, false},
		"an error":          {func(w http.ResponseWriter, _ *http.Request) { panic(fmt.Errorf("an error: %w", io.EOF)) }, 503, false},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int64
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if calls.Add(1) == 1 {
					test.handler(w, r)
				}
			})
			request := s.signed(t)
			response, err := s.Client().Do(request)
			if test.answered == 0 {
				if err == nil {
					t.Error(response.Status)
				}
			} else {
				check(t, err)
				text, err := io.ReadAll(response.Body)
				check(t, err)
				check(t, response.Body.Close())
				if response.StatusCode != test.answered || response.Header.Get("Retry-After") != "5" || string(text) != "refused\n" ||
					response.Header.Get("X-Odd") != "" {
					t.Error(response.Status, response.Header, string(text))
				}
			}
			s.expect(t, again(t, request), 200)
			if (calls.Load() == 1) != test.done {
				t.Error(calls.Load())
			}
			// net/http has logged it, soon after the answer, unless it was told to be silent.
			logged := func() bool { return strings.Contains(s.serverLog.String(), "http: panic serving") }
			for wait := 0; wait < 500 && !logged() && name != "an abortion"; wait++ {
				time.Sleep(10 * time.Millisecond)
			}
			if logged() != (name != "an abortion") {
				t.Error(s.serverLog)
			}
		})
	}
}

// What has left, or may have, is confirmed whatever happens then.
func TestPanicsAfterTheAnswerLeft(t *testing.T) {
	for name, answer := range map[string]func(http.ResponseWriter){
		"a flush":       func(w http.ResponseWriter) { w.WriteHeader(200); w.(http.Flusher).Flush() },
		"a long answer": func(w http.ResponseWriter) { _, _ = w.Write(make([]byte, 1<<16)) },
		"many pieces": func(w http.ResponseWriter) {
			for range 3000 {
				_, _ = io.WriteString(w, "x")
			}
		},
		"another's read": func(w http.ResponseWriter) { _, _ = io.Copy(w, bytes.NewReader(make([]byte, 1<<16))) },
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int64
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				answer(w)
				panic(http.ErrAbortHandler)
			})
			request := s.signed(t)
			if response, err := s.Client().Do(request); err == nil {
				_, _ = io.Copy(io.Discard, response.Body)
				check(t, response.Body.Close())
			}
			s.expect(t, again(t, request), 200)
			if calls.Load() != 1 {
				t.Error(calls.Load())
			}
		})
	}
}

func TestSizes(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("it was worked on") })
	large := make([]byte, 1<<20+1)
	for name, length := range map[string]int64{"announced": int64(len(large)), "not announced": -1} {
		t.Run(name, func(t *testing.T) {
			// A server that hangs up before the upload is over may be met by a reset: the sender tries again, and so do we.
			for range 5 {
				request, err := http.NewRequest(http.MethodPost, s.URL, bytes.NewReader(large))
				check(t, err)
				s.signer.SignRequest(request, large)
				request.ContentLength = length
				response, err := s.Client().Do(request)
				if err != nil {
					continue
				}
				check(t, response.Body.Close())
				if response.StatusCode != 413 {
					t.Error(response.Status)
				}
				return
			}
			t.Error("there was never an answer")
		})
	}
	// Exactly as large as is allowed is another matter.
	full := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if n, err := io.Copy(io.Discard, r.Body); n != 1<<20 || err != nil {
			t.Error(n, err)
		}
	})
	for _, length := range []int64{1 << 20, -1} {
		request, err := http.NewRequest(http.MethodPost, full.URL, bytes.NewReader(large[1:]))
		check(t, err)
		full.signer.SignRequest(request, large[1:])
		request.ContentLength = length
		full.expect(t, request, 200)
	}
}

// raw opens a connection and sends the beginning of a request.
func (s served) raw(t *testing.T, text string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	check(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	check(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	_, err = io.WriteString(conn, text)
	check(t, err)
	return conn
}

func head(authorization string, length int, more string) string {
	return fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Length: %d\r\n%s\r\n", authorization, length, more)
}

// A forgery is answered before its body: it waits for leave to send it, and gets none.
func TestForgedUpload(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("it was worked on") })
	forged := hooktest.NewSigner(apiKey, "another").Sign(body, hooktest.With("iat", s.clock.Now().Unix()))
	conn := s.raw(t, head(forged, 50<<20, "Expect: 100-continue\r\n"))
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	check(t, err)
	if response.StatusCode != 503 || !strings.Contains(s.log.String(), "reason=payload.too_large") &&
		!strings.Contains(s.log.String(), "reason=signature.invalid") {
		t.Error(response.Status, s.log)
	}
}

func TestSlowAndBrokenBodies(t *testing.T) {
	var calls atomic.Int64
	s := serveFor(t, time.Second, func(http.ResponseWriter, *http.Request) { calls.Add(1) })
	authorization := s.signer.Sign(body)

	// The sender hangs up in the middle of the body, ...
	conn := s.raw(t, head(authorization, len(body), "")+string(body[:10]))
	check(t, conn.Close())
	// ... another one stops sending until the server's ReadTimeout is over, ...
	conn = s.raw(t, head(authorization, len(body), "")+string(body[:10]))
	if _, err := io.ReadAll(conn); err != nil && !errors.Is(err, net.ErrClosed) {
		var timeout net.Error
		if errors.As(err, &timeout) && timeout.Timeout() {
			t.Error("the server waits for ever")
		}
	}
	if calls.Load() != 0 {
		t.Error("it was worked on")
	}
	// ... and none of them has used the token up.
	request := s.signed(t)
	request.Header.Set("Authorization", authorization)
	s.expect(t, request, 200)
	if calls.Load() != 1 {
		t.Error(calls.Load())
	}
}

// A sender that goes away while its request is worked on gets its retry worked on, if the handler gave up for that.
func TestDisconnect(t *testing.T) {
	begun, ended := make(chan struct{}, 2), make(chan struct{}, 2)
	var calls atomic.Int64
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		if calls.Add(1) == 1 {
			begun <- struct{}{}
			<-r.Context().Done()
			ended <- struct{}{}
		}
	})
	authorization := s.signer.Sign(body)
	conn := s.raw(t, head(authorization, len(body), "")+string(body))
	<-begun
	check(t, conn.Close())
	<-ended
	request := s.signed(t)
	request.Header.Set("Authorization", authorization)
	for range 100 {
		response, err := s.Client().Do(again(t, request))
		check(t, err)
		check(t, response.Body.Close())
		if calls.Load() == 2 {
			return
		}
		// The handler has returned, and its claim may not be released yet.
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the retry was not worked on")
}

func TestHijack(t *testing.T) {
	var calls atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		_ = conn.Close()
	})
	request := s.signed(t)
	s.expect(t, request, 200)
	for range 100 {
		if _, _, _ = s.send(t, again(t, request)); calls.Load() >= 2 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the claim was kept")
}

// Another middleware's writer between the server's and ours: it passes the controller on, and is no hijacker itself.
func TestHijackBehindAnotherWriter(t *testing.T) {
	s := newStand(t)
	ended := make(chan bool, 1)
	handler := s.Middleware(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_ = conn.Close()
	}), hookproof.OnEnd(func(_ *hookproof.Webhook, done bool, _ error) { ended <- done }))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(outer{w}, r)
	}))
	defer server.Close()
	request, err := http.NewRequest(http.MethodPost, server.URL, bytes.NewReader(body))
	check(t, err)
	s.signer.SignRequest(request, body)
	if response, err := server.Client().Do(request); err == nil {
		t.Error(response.Status)
	}
	if <-ended {
		t.Error("the claim was confirmed")
	}
}

type outer struct{ http.ResponseWriter }

func (o outer) Unwrap() http.ResponseWriter { return o.ResponseWriter }

// What the server's own writer can do stays within reach, and what it cannot is not pretended.
func TestWriters(t *testing.T) {
	var sees func(w http.ResponseWriter)
	s := newStand(t)
	handler := s.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { sees(w) }))

	server := httptest.NewUnstartedServer(handler)
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	sees = func(w http.ResponseWriter) {
		_, flushes := w.(http.Flusher)
		_, hijacks := w.(http.Hijacker)
		controller := http.NewResponseController(w)
		if !flushes || hijacks || controller.SetReadDeadline(time.Now().Add(time.Minute)) != nil || controller.Flush() != nil {
			t.Error(flushes, hijacks)
		}
	}
	request, err := http.NewRequest(http.MethodPost, server.URL, bytes.NewReader(body))
	check(t, err)
	s.signer.SignRequest(request, body)
	response, err := server.Client().Do(request)
	check(t, err)
	check(t, response.Body.Close())
	if response.StatusCode != 200 || response.ProtoMajor != 2 {
		t.Error(response.Status, response.Proto)
	}

	type plain struct{ http.ResponseWriter }
	sees = func(w http.ResponseWriter) {
		_, flushes := w.(http.Flusher)
		_, hijacks := w.(http.Hijacker)
		if flushes || hijacks || !errors.Is(http.NewResponseController(w).Flush(), http.ErrNotSupported) {
			t.Error(flushes, hijacks)
		}
	}
	handler.ServeHTTP(plain{httptest.NewRecorder()}, s.signer.NewRequest("POST", "/", body))
}

func TestMiddlewareOptions(t *testing.T) {
	var seen error
	var repeats atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		webhook, _ := hookproof.FromContext(r.Context())
		if webhook.IsDuplicate() {
			repeats.Add(1)
		}
		_, _ = io.WriteString(w, `[{"action":"talk"}]`)
	}, hookproof.HandDuplicatesOn(), hookproof.OnError(func(w http.ResponseWriter, r *http.Request, err error) {
		seen = err
		w.WriteHeader(http.StatusTeapot)
	}), hookproof.ForAccount(func(r *http.Request) string { return r.Header.Get("X-Account") }), hookproof.ForRoute(func(*http.Request) string { return "a" }))
	request := s.signed(t)
	request.Header.Set("X-Account", apiKey)
	_, first, _ := s.send(t, request)
	_, second, _ := s.send(t, again(t, request))
	if first != second || !strings.Contains(second, "talk") || repeats.Load() != 1 {
		t.Error(first, second, repeats.Load())
	}
	s.expect(t, s.signed(t), http.StatusTeapot)
	refused(t, seen, hookproof.ReasonKeyMismatch)
}

// A GET is signed by its query.
func TestMiddlewareGet(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		webhook, _ := hookproof.FromContext(r.Context())
		to, _ := webhook.QueryValue("to")
		_, _ = io.WriteString(w, to)
	})
	request, err := http.NewRequest(http.MethodGet, s.URL+"/answer?to=44%2077&from=1", nil)
	check(t, err)
	s.signer.SignRequest(request, nil)
	if status, text, _ := s.send(t, request); status != 200 || text != "44 77" {
		t.Error(status, text)
	}
	request.URL.RawQuery = "to=44%2077&from=2"
	s.expect(t, request, 503)
}
