package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/hookproof/hookproof/go"
)

// application is what the webhooks are for. It only pretends to work.
type application struct {
	journal   *os.File
	failWhile string
	work      time.Duration
}

func newApplication(o options) (*application, error) {
	a := &application{failWhile: o.failWhile, work: time.Duration(o.work) * time.Millisecond}
	var err error
	if o.journal != "" {
		a.journal, err = os.OpenFile(o.journal, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	}
	return a, err
}

func (a *application) routes(verifier *hookproof.Verifier) http.Handler {
	settled := hookproof.OnEnd(a.settled)
	refuse := hookproof.OnError(func(w http.ResponseWriter, r *http.Request, err error) {
		status, _ := hookproof.HTTPStatus(err)
		logAnswer(r, status, err, 0, "")
		hookproof.AnswerError(w, err)
	})
	routes := http.NewServeMux()
	routes.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	routes.Handle("/", verifier.Middleware(a.handler("text/plain", "ok\n"), refuse, settled))
	// Its answer has content: a repeat gets it again.
	routes.Handle("/voice/answer", verifier.Middleware(
		a.handler("application/json", `[{"action":"talk","text":"Hello"}]`+"\n"), refuse, settled, hookproof.HandDuplicatesOn()))
	return routes
}

func (a *application) handler(contentType, content string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		webhook, _ := hookproof.FromContext(r.Context())
		w.Header().Set("Content-Type", contentType)
		if !webhook.IsDuplicate() {
			if err := a.handle(webhook); err != nil {
				logAnswer(r, http.StatusServiceUnavailable, err, len(webhook.Body), string(webhook.Replay))
				hookproof.AnswerError(w, err)
				return
			}
		}
		logAnswer(r, http.StatusOK, nil, len(webhook.Body), string(webhook.Replay))
		_, _ = io.WriteString(w, content)
	})
}

func (a *application) handle(webhook *hookproof.Webhook) error {
	if a.failWhile != "" {
		if _, err := os.Stat(a.failWhile); err == nil {
			return errors.New("the application could not do the work")
		}
	}
	time.Sleep(a.work)
	return a.write("handled", webhook)
}

// write writes one line at once, so that the lines of several processes on one journal do not mix.
func (a *application) write(word string, webhook *hookproof.Webhook) error {
	if a.journal == nil {
		return nil
	}
	_, err := fmt.Fprintf(a.journal, "%s %s\n", word, webhook.JTI)
	return err
}

func (a *application) settled(webhook *hookproof.Webhook, done bool, err error) {
	outcome := "confirmed"
	switch {
	case errors.Is(err, hookproof.ErrNoEffect):
		outcome = "overtaken"
	case err != nil && done:
		outcome = "unconfirmed"
	case err != nil:
		outcome = "unreleased"
	case !done:
		outcome = "released"
	}
	if err := a.write(outcome, webhook); err != nil {
		log.Printf("cannot write the journal: %v", err)
	}
}

// logAnswer writes one line. Method and path come from the peer: only plain characters reach the log, and the query never does.
func logAnswer(r *http.Request, status int, err error, bodyBytes int, replay string) {
	name, detail := "ok", "the request is genuine"
	var refusal *hookproof.Error
	switch {
	case errors.As(err, &refusal):
		name, detail = refusal.Reason.String(), refusal.Detail
	case err != nil:
		name, detail = "handler.failed", err.Error()
	}
	if replay != "" {
		replay = ", " + replay
	}
	plain := func(letter rune) rune {
		if letter <= ' ' || letter >= 0x7f {
			return '?'
		}
		return letter
	}
	label := strings.Map(plain, r.Method) + " " + strings.Map(plain, r.URL.Path)
	log.Printf("%d %s %.128s (%d body bytes%s): %s", status, name, label, bodyBytes, replay, detail)
}
