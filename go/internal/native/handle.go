package native

import (
	"runtime"
	"sync/atomic"
)

// handle owns one object of the library. The object is freed once: when its owner is closed and the last call that uses it
// has returned, or when nobody can reach the owner any more.
type handle[P comparable] struct {
	ptr     P
	free    func(P)
	users   atomic.Int64 // calls under way, and one more until it is closed
	closed  atomic.Bool
	cleanup runtime.Cleanup
}

func (h *handle[P]) own(ptr P, free func(P)) {
	h.ptr, h.free = ptr, free
	h.users.Store(1)
	// The pointer leads to memory of the library: it does not keep the owner alive.
	h.cleanup = runtime.AddCleanup(h, free, ptr)
}

// take lends the pointer until leave is called; the zero pointer once it is closed, which the library answers with an error.
func (h *handle[P]) take() P {
	var none P
	for {
		users := h.users.Load()
		if users <= 0 {
			return none
		}
		if h.users.CompareAndSwap(users, users+1) {
			ptr := h.ptr
			beforeCall()
			return ptr
		}
	}
}

// leave gives back what take lent.
func (h *handle[P]) leave(ptr P) {
	var none P
	if ptr != none && h.users.Add(-1) == 0 {
		h.cleanup.Stop()
		h.free(ptr)
	}
	runtime.KeepAlive(h)
}

// Close frees the object, as soon as no call uses it any more. It may be called twice.
func (h *handle[P]) Close() {
	if h == nil || h.closed.Swap(true) || h.users.Load() == 0 {
		return
	}
	h.leave(h.ptr)
}
