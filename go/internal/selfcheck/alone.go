//go:build !other_rust

package main

func otherRust() error { return nil }
