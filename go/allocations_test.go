//go:build !race && !hookproof_gcdebug

package hookproof_test

import (
	"testing"

	"github.com/hookproof/hookproof/go"
)

// The result is a Webhook, its texts in one piece, and two pieces of the runtime's own that free what the library holds for it.
// Nothing else is allocated, whatever the size of the body.
func TestAllocations(t *testing.T) {
	s := newStand(t)
	var kept *hookproof.Webhook
	for _, size := range []int{0, 612, 64 * 1024} {
		large := make([]byte, size)
		request := s.request()
		request.Header.Set("Authorization", s.signer.Sign(large))
		request.Body = large
		count := testing.AllocsPerRun(1000, func() {
			webhook, err := s.Verify(request)
			if err != nil {
				t.Fatal(err)
			}
			kept = webhook
		})
		t.Logf("%d bytes: %v allocations", size, count)
		if count > 4 {
			t.Errorf("%d bytes: %v allocations", size, count)
		}
	}
	_ = kept
}

func BenchmarkVerify(b *testing.B) {
	s := newStand(b)
	request := s.request()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Verify(request); err != nil {
			b.Fatal(err)
		}
	}
}
