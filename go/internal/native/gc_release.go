//go:build !hookproof_gcdebug

package native

func beforeCall() {}
