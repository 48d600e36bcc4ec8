//go:build !hookproof_static

package native

// The installed library. Where it lies in a place of its own, PKG_CONFIG_PATH names the folder of hookproof.pc.

// #cgo pkg-config: hookproof
import "C"

// Linked says how the library came into the program.
const Linked = "shared, by pkg-config"
