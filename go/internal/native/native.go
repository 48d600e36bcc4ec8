// Package native is the only one that calls the C library: each function translates one call, and decides nothing.
package native

/*
#include "shim.h"

#cgo noescape hookproof_abi_version
#cgo nocallback hookproof_abi_version
#cgo noescape hookproof_version
#cgo nocallback hookproof_version
#cgo noescape hookproof_features
#cgo nocallback hookproof_features
#cgo noescape hookproof_status_name
#cgo nocallback hookproof_status_name
#cgo noescape hookproof_status_message
#cgo nocallback hookproof_status_message
*/
import "C"

import (
	"fmt"
	"unsafe"
)

// Numbers of hookproof_status that are no reasons.
const (
	OK            = int32(C.HOOKPROOF_OK)
	PendingBody   = int32(C.HOOKPROOF_PENDING_BODY)
	PendingReplay = int32(C.HOOKPROOF_PENDING_REPLAY)
	NoEffect      = int32(C.HOOKPROOF_NO_EFFECT)
	Unavailable   = int32(C.HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE)
)

const (
	headerABI     = uint32(C.HOOKPROOF_ABI_VERSION)
	headerVersion = string(C.HOOKPROOF_VERSION_STRING)
)

// The library that was found at start must be the one that this was compiled for: nothing can be said of another one's calls.
func init() {
	if found := uint32(C.hookproof_abi_version()); found != headerABI {
		panic(fmt.Sprintf(
			"hookproof: compiled for ABI %d (libhookproof %s), but found ABI %d (libhookproof %s): compile the program anew, "+
				"or install the library it was compiled for", headerABI, headerVersion, found, Version()))
	}
}

// Version is that of the loaded library.
func Version() string {
	return text(C.hookproof_version())
}

// Features are those of the loaded library, separated by spaces.
func Features() string {
	return text(C.hookproof_features())
}

// StatusName is the dotted name of a number.
func StatusName(status int32) string {
	return text(C.hookproof_status_name(C.int32_t(status)))
}

// StatusMessage says in a sentence what a number means.
func StatusMessage(status int32) string {
	return text(C.hookproof_status_message(C.int32_t(status)))
}

// text copies what the library lends.
func text(s C.hookproof_str) string {
	return C.GoStringN(s.ptr, C.int(s.len))
}

// chars is a text as a C function takes it, together with its length.
func chars(s string) *C.char {
	return (*C.char)(unsafe.Pointer(unsafe.StringData(s)))
}

// bytesOf is memory as a C function takes it, together with its length.
func bytesOf(b []byte) unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(b))
}

func size[T ~string | ~[]byte](of T) C.size_t {
	return C.size_t(len(of))
}
