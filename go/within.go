package hookproof

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Calls of the application's own clients that may be under way at once, also those whose time is over and that have not
// returned: a server that hangs must not take the program along.
const callsAtOnce = 256

// gate lets that many calls through.
type gate chan struct{}

func newGate() gate { return make(gate, callsAtOnce) }

var errNoAnswer = errors.New("hookproof: the application's store or key source gave no answer")

type outcome[T any] struct {
	value    T
	err      error
	panicked any
}

// within calls the application's code, and waits no longer than the budget, whatever the code makes of its context. What comes
// later goes to late, if that is not nil.
func within[T any](
	ctx context.Context, calls gate, budget time.Duration, call func(context.Context) (T, error), late func(T),
) (T, error) {
	var none T
	ctx, cancel := context.WithTimeout(ctx, budget)
	select {
	case calls <- struct{}{}:
	case <-ctx.Done():
		cancel()
		return none, ctx.Err()
	}
	// Without room for its answer a late call would never end.
	done := make(chan outcome[T], 1)
	go func() {
		defer func() { <-calls }()
		defer cancel()
		// What neither returns nor panics, but ends its goroutine, has given no answer.
		out := outcome[T]{err: errNoAnswer}
		defer func() {
			out.panicked = recover()
			done <- out
		}()
		out.value, out.err = call(ctx)
	}()
	select {
	case out := <-done:
		return out.settle()
	case <-ctx.Done():
	}
	// Both may have been there at once.
	select {
	case out := <-done:
		return out.settle()
	default:
	}
	if late != nil {
		go func() {
			// Nobody waits for it any more: a panic of the application's would end the program.
			defer func() { _ = recover() }()
			if out := <-done; out.err == nil && out.panicked == nil {
				late(out.value)
			}
		}()
	}
	return none, ctx.Err()
}

// settle gives what the call gave. Its panic goes on in the goroutine of the request, where the server's own recovery is.
func (o outcome[T]) settle() (T, error) {
	if o.panicked != nil {
		panic(fmt.Sprintf("hookproof: the application's store or key source panicked: %v", o.panicked))
	}
	return o.value, o.err
}
