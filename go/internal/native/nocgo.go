//go:build !cgo

package native

// What is undefined here says what to do.
var _ = hookproof_needs_cgo_so_set_CGO_ENABLED_to_1_and_have_a_C_compiler
