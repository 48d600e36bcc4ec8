package native

// #include "shim.h"
import "C"

import "runtime"

// Keyring holds the accounts while they are added.
type Keyring struct {
	handle[*C.hookproof_keyring]
}

// NewKeyring makes an empty one.
func NewKeyring() *Keyring {
	k := new(Keyring)
	k.own(C.hookproof_keyring_new(), func(ptr *C.hookproof_keyring) { C.hookproof_keyring_free(ptr) })
	return k
}

// AddSecret adds a dated secret; the ends of int64 leave the window open.
func (k *Keyring) AddSecret(apiKey, label string, secret []byte, notBefore, notAfter int64) (int32, string) {
	ptr := k.take()
	defer k.leave(ptr)
	status := C.hookproof_keyring_add_dated_secret(ptr, chars(apiKey), size(apiKey), chars(label), size(label),
		bytesOf(secret), size(secret), C.int64_t(notBefore), C.int64_t(notAfter))
	runtime.KeepAlive(secret)
	return int32(status), text(C.hookproof_keyring_error(ptr))
}

// AddApplication names an application that may send to the account.
func (k *Keyring) AddApplication(apiKey, applicationID string) (int32, string) {
	ptr := k.take()
	defer k.leave(ptr)
	status := C.hookproof_keyring_add_application_id(ptr, chars(apiKey), size(apiKey), chars(applicationID),
		size(applicationID))
	return int32(status), text(C.hookproof_keyring_error(ptr))
}

// AddJSON adds the accounts of a keyring's text.
func (k *Keyring) AddJSON(json []byte) (int32, string) {
	ptr := k.take()
	defer k.leave(ptr)
	status := C.hookproof_keyring_add_json(ptr, (*C.char)(bytesOf(json)), size(json))
	runtime.KeepAlive(json)
	return int32(status), text(C.hookproof_keyring_error(ptr))
}

// Len is the number of accounts.
func (k *Keyring) Len() int {
	ptr := k.take()
	defer k.leave(ptr)
	return int(C.hookproof_keyring_len(ptr))
}

// Lints are remarks on secrets that look wrong.
func (k *Keyring) Lints() []string {
	ptr := k.take()
	defer k.leave(ptr)
	lints := make([]string, C.hookproof_keyring_lint_count(ptr))
	for i := range lints {
		lints[i] = text(C.hookproof_keyring_lint(ptr, C.size_t(i)))
	}
	return lints
}
