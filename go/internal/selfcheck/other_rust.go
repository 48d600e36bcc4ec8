//go:build other_rust

package main

// #cgo LDFLAGS: -lother_rust
// int other_rust_catches_a_panic(void);
import "C"

import "errors"

// otherRust calls another static library in Rust, which has a standard library of its own.
func otherRust() error {
	if C.other_rust_catches_a_panic() != 1 {
		return errors.New("the other library does not work")
	}
	return nil
}
