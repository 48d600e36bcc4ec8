package hookproof

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/hookproof/hookproof/go/internal/native"
)

// Received is a request that passed every check and is claimed: do the work, then end the claim. One that is not ended ends by
// itself when the lease is over. One goroutine at a time.
type Received struct {
	// Webhook is what was verified.
	Webhook *Webhook

	verifier *Verifier
	// ctx is kept for what a store of the host's own may find in it; ending a claim outlives its request.
	ctx   context.Context
	now   time.Time
	claim *native.Claim
	host  *hostClaim
	// Of a middleware.
	told func(webhook *Webhook, done bool, err error)
}

type hostClaim struct {
	store           *Store
	identity, owner string
	// What ended it: then it is not asked again.
	ended, confirmed bool
}

// settle makes of an answer what the caller gets, and asks the host's store where it is its turn. The result is the webhook's already.
func (v *Verifier) settle(
	webhook *Webhook, ctx context.Context, now time.Time, answer *native.Answer, cause error,
) (*Received, error) {
	received := &Received{Webhook: webhook, verifier: v, ctx: ctx, now: now}
	var owned *hostClaim
	if answer.Status == native.PendingReplay {
		question := webhook.result.Question()
		said, err := v.store.ask(ctx, question, received.time())
		cause = err
		if question.LeaseSeconds > 0 {
			owned = &hostClaim{store: v.store, identity: question.Identity, owner: question.Owner}
		}
		webhook.result.AnswerReplay(said, received.time().Unix(), answer)
	} else {
		received.claim = answer.TakeClaim()
	}
	if answer.Status != native.OK {
		webhook.Close()
		return nil, failure(answer, cause)
	}
	webhook.accept(answer)
	webhook.ReplayExtent = v.store.extent
	if webhook.Replay == ReplayClaimed {
		received.host = owned
	}
	return received, nil
}

// time is that of the clock, unless the request brought its own, which stands still.
func (r *Received) time() time.Time {
	if r.now.IsZero() {
		return r.verifier.clock()
	}
	return r.now
}

// Confirm says that the work is done: a repeat is a duplicate from now on. [ErrNoEffect]: the lease was over and another has taken the
// request; the work may be done twice. A [*StoreError]: the store did not answer; the call may be repeated. In every case send the
// answer: the work is done.
func (r *Received) Confirm() error {
	return r.end(r.time(), true)
}

// ConfirmAt is Confirm at a time of its own.
func (r *Received) ConfirmAt(now time.Time) error {
	return r.end(now, true)
}

// Release says that the work failed: the sender's retry shall be worked on. Answer with a status that makes the sender retry, 503 for
// one.
func (r *Received) Release() error {
	return r.end(r.time(), false)
}

// ReleaseAt is Release at a time of its own.
func (r *Received) ReleaseAt(now time.Time) error {
	return r.end(now, false)
}

// hasClaim is false for a duplicate that was handed on, and a store failure that the policy accepts: there is nothing to end.
func (r *Received) hasClaim() bool { return r.claim != nil || r.host != nil }

func (r *Received) end(now time.Time, confirm bool) error {
	switch {
	case r.host != nil:
		return r.host.end(r.ctx, now, confirm)
	case r.claim == nil:
		return ErrNoEffect
	case confirm:
		return endFailure(r.claim.Confirm(now.Unix()))
	default:
		return endFailure(r.claim.Release(now.Unix()))
	}
}

func endFailure(status int32, said string) error {
	switch status {
	case native.OK:
		return nil
	case native.NoEffect:
		return ErrNoEffect
	case native.Unavailable:
		return &StoreError{Message: said}
	default:
		return &CallError{native.StatusMessage(status)}
	}
}

func (h *hostClaim) end(ctx context.Context, now time.Time, confirm bool) error {
	if h.ended {
		if confirm && h.confirmed {
			return nil
		}
		return ErrNoEffect
	}
	how := h.store.host.Release
	if confirm {
		how = h.store.host.Confirm
	}
	effect, err := h.store.end(ctx, how, h.identity, h.owner, now)
	if err != nil {
		return &StoreError{Message: "it did not answer", cause: err}
	}
	h.ended, h.confirmed = true, confirm && effect
	if !effect {
		return ErrNoEffect
	}
	return nil
}

// run does the work and ends the claim by what came of it.
func (r *Received) run(work func(*Webhook) error) error {
	done := false
	defer func() {
		// A panic, or the end of the goroutine, goes on by itself.
		if !done {
			r.settleAs(false)
		}
	}()
	err := work(r.Webhook)
	done = true
	r.settleAs(err == nil)
	return err
}

// settleAs ends the claim. Whatever the store says, the answer goes out: the work is done, or it is not.
func (r *Received) settleAs(done bool) {
	if !r.hasClaim() {
		return
	}
	err, what := error(nil), "confirmed"
	if done {
		err = r.Confirm()
	} else {
		what, err = "released", r.Release()
	}
	if r.told != nil {
		r.told(r.Webhook, done, err)
	}
	switch {
	case err == nil:
	case errors.Is(err, ErrNoEffect) && !done:
	case errors.Is(err, ErrNoEffect):
		r.verifier.log().WarnContext(r.ctx, "hookproof: the lease ended before the work did, so it may be done twice",
			slog.String("api_key", r.Webhook.APIKey), slog.String("jti", r.Webhook.JTI))
	default:
		r.verifier.log().ErrorContext(r.ctx, "hookproof: the claim could not be "+what,
			slog.String("error", err.Error()), slog.String("api_key", r.Webhook.APIKey), slog.String("jti", r.Webhook.JTI))
	}
}
