//go:build hookproof_static

package native

// The archive that `make go-static` puts here. The unwinder comes from libgcc's own archive, so that the program needs the
// C library alone.

// #cgo CFLAGS: -I${SRCDIR}/static/include
// #cgo linux,amd64 LDFLAGS: ${SRCDIR}/static/linux_amd64/libhookproof.a
// #cgo linux,arm64 LDFLAGS: ${SRCDIR}/static/linux_arm64/libhookproof.a
// #cgo LDFLAGS: -static-libgcc -lgcc_eh -Wl,--as-needed -lm
import "C"

import _ "github.com/hookproof/hookproof/go/internal/native/static"

// Linked says how the library came into the program.
const Linked = "static"
