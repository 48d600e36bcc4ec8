package hookproof

import (
	"context"
	"errors"
	"time"

	"github.com/hookproof/hookproof/go/internal/native"
)

// Pending is a request whose head has passed and whose body is on its way: an [io.Writer] for it. It never holds the body, which is
// hashed as it comes. One goroutine at a time.
type Pending struct {
	// KeyLabel names the secret that signed the token.
	KeyLabel string

	verifier   *Verifier
	webhook    *Webhook
	ctx        context.Context
	now        time.Time
	duplicates int32
	refused    error
	finished   bool
}

var errFinished error = &CallError{"the request was finished before"}

// Begin settles everything that stands in the head, before one byte of the body is read: a forged request ends here.
func (v *Verifier) Begin(r Request) (*Pending, error) {
	var to native.Request
	v.request(&r, &to)
	to.Body = nil
	cause := v.load(&r, &to)
	var answer native.Answer
	v.native.Begin(&to, &answer)
	if answer.Status != native.PendingBody {
		return nil, failure(&answer, cause)
	}
	webhook := new(Webhook)
	webhook.result.Adopt(&answer)
	return &Pending{
		KeyLabel: answer.Texts[native.KeyLabel], verifier: v, webhook: webhook, ctx: r.context(), now: r.Now,
		duplicates: to.Duplicates,
	}, nil
}

// Write takes the next piece of the body. An [*Error] is the verdict: stop reading.
func (p *Pending) Write(piece []byte) (int, error) {
	switch {
	case p.refused != nil:
		return 0, p.refused
	case p.finished:
		return 0, errFinished
	}
	var answer native.Answer
	if p.webhook.result.Update(piece, &answer) != native.PendingBody {
		p.refused = failure(&answer, nil)
		return 0, p.refused
	}
	return len(piece), nil
}

// Finish ends the body and judges it, and the age once more. It asks no store.
func (p *Pending) Finish() (*Webhook, error) {
	received, err := p.finish(native.Verify)
	if err != nil {
		return nil, err
	}
	return received.Webhook, nil
}

// Receive ends the body and does what [Verifier.Receive] does.
func (p *Pending) Receive(work func(*Webhook) error) error {
	received, err := p.Claim()
	if err != nil {
		return err
	}
	return received.run(work)
}

// Claim ends the body and does what [Verifier.Claim] does.
func (p *Pending) Claim() (*Received, error) { return p.finish(native.Receive) }

// FinishOnce ends the body and does what [Verifier.VerifyOnce] does.
func (p *Pending) FinishOnce() (*Webhook, error) {
	received, err := p.finish(native.Once)
	if err != nil {
		return nil, err
	}
	return received.Webhook, nil
}

func (p *Pending) finish(verb native.Verb) (*Received, error) {
	switch {
	case p.refused != nil:
		return nil, p.refused
	case p.finished:
		return nil, errFinished
	case verb != native.Verify && p.verifier.store == nil:
		return nil, ErrNoStore
	}
	p.finished = true
	var store *native.Store
	if verb != native.Verify {
		store = p.verifier.store.native
	}
	var answer native.Answer
	p.webhook.result.Finish(verb, store, p.duplicates, p.verifier.unix(p.now), &answer)
	if verb == native.Verify && answer.Status == native.OK {
		p.webhook.accept(&answer)
		return &Received{Webhook: p.webhook}, nil
	}
	received, err := p.verifier.settle(p.webhook, p.ctx, p.now, &answer, nil)
	var refusal *Error
	if errors.As(err, &refusal) {
		p.refused = err
	}
	return received, err
}

// Close gives the request up. It does nothing once the request is finished.
func (p *Pending) Close() {
	if !p.finished {
		p.finished = true
		p.webhook.Close()
	}
}
