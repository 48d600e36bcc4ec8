//go:build hookproof_gcdebug

package native

import "runtime"

// beforeCall collects garbage before each call of the library: an object that nobody keeps alive during the call is then
// gone when the call needs it, and a test fails that would otherwise fail once a month.
func beforeCall() {
	runtime.GC()
}
