// Command bench measures the Go package against golang-jwt with crypto/sha256, and against a careful verifier on Go's own library, all in
// one run. It prints lines of fields between tabs, as bench/run wants them.
package main

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/hookproof/hookproof/go"
	"github.com/hookproof/hookproof/go/hooktest"
)

const (
	rounds   = 200
	slice    = 2 * time.Millisecond
	accounts = 100
	apiKey   = "a1b2c3d"
	secret   = "ZYtdTtGV3BCFN7tWmOWr1md66XsquMggr4W2cTtXtcPgfnI0Xw"
	now      = 1_767_225_600
)

// request is one that everybody accepts, with the header fields that a server gets.
type request struct {
	header http.Header
	body   []byte
}

func newRequest(size int) request {
	body := make([]byte, size)
	for i := range body {
		body[i] = "hookproof "[i%10]
	}
	token := hooktest.NewSigner(apiKey, secret).Sign(body, hooktest.With("iat", now), hooktest.With("jti", "c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5"),
		hooktest.With("application_id", "aaaaaaaa-bbbb-cccc-dddd-0123456789ab"))
	return request{http.Header{
		"Accept": {"*/*"}, "Accept-Encoding": {"gzip"}, "Authorization": {token}, "Connection": {"keep-alive"},
		"Content-Length": {fmt.Sprint(size)}, "Content-Type": {"application/json"}, "Host": {"example.com"}, "User-Agent": {"x"},
		"X-Forwarded-For": {"192.0.2.1"}, "X-Forwarded-Proto": {"https"}, "X-Request-Id": {"1"}, "X-Trace-Id": {"2"},
	}, body}
}

// secrets has those of all accounts.
func secrets() map[string]string {
	all := map[string]string{apiKey: secret}
	for number := 1; number < accounts; number++ {
		all[fmt.Sprintf("account%d", number)] = fmt.Sprintf("the secret of account %d, as long as others are", number)
	}
	return all
}

func newVerifier() *hookproof.Verifier {
	options := []hookproof.Option{hookproof.WithClock(func() time.Time { return time.Unix(now, 0) })}
	for account, secret := range secrets() {
		options = append(options, hookproof.WithSecret(account, secret))
	}
	verifier, err := hookproof.New(options...)
	if err != nil {
		panic(err)
	}
	return verifier
}

// candidate is something whose time is taken.
type candidate struct {
	call  func()
	calls int
	times []float64
}

func newCandidate(call func() bool) *candidate {
	c := &candidate{call: func() {
		if !call() {
			panic("a genuine request was refused")
		}
	}, calls: 1}
	for c.run() < float64(slice)/2 {
		c.calls *= 2
	}
	return c
}

// run takes the processor's time of the whole process: what the collector does in threads of its own belongs to it.
func (c *candidate) run() float64 {
	start := processorTime()
	for range c.calls {
		c.call()
	}
	return float64(processorTime() - start)
}

func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func runRounds(candidates ...*candidate) {
	for round := range rounds {
		for i := range candidates {
			c := candidates[(i+round)%len(candidates)]
			c.times = append(c.times, c.run()/float64(c.calls))
		}
	}
}

func quantile(values []float64, part float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[int(float64(len(sorted)-1)*part)]
}

// row prints how many times as fast one is as the other.
func row(what string, one *candidate, name string, other *candidate, least float64, goal string) {
	ratios := make([]float64, rounds)
	for i := range ratios {
		ratios[i] = other.times[i] / one.times[i]
	}
	bar, met := "-", "-"
	middle := quantile(ratios, 0.5)
	if least > 0 {
		bar, met = fmt.Sprintf("at least %gx", least), "NO"
		if middle >= least {
			met = "yes"
		}
	}
	fmt.Printf("%s\t%.0f ns\t%s %.0f ns\t%.2fx\t%.2f .. %.2f\t%s\t%s\t%s\n", what, quantile(one.times, 0.5), name, quantile(other.times, 0.5),
		middle, quantile(ratios, 0.25), quantile(ratios, 0.75), bar, goal, met)
}

func allocations(verifier *hookproof.Verifier, sizes ...int) {
	counts := make([]float64, len(sizes))
	for i, size := range sizes {
		r := newRequest(size)
		counts[i] = testing.AllocsPerRun(1000, func() {
			if _, err := verifier.Verify(hookproof.Request{Method: "POST", Header: r.header, Body: r.body}); err != nil {
				panic(err)
			}
		})
	}
	met := "yes"
	if slices.Max(counts) > 4 || slices.Min(counts) != slices.Max(counts) {
		met = "NO"
	}
	fmt.Printf("Go, allocations of a call\t%.0f\tthe result's own 4\t-\t-\tno more, for any body\t-\t%s\n", slices.Max(counts), met)
}

func main() {
	verifier, theirs, own := newVerifier(), newPeer(), newStandard()
	for _, size := range []int{612, 64 * 1024} {
		r := newRequest(size)
		ours := newCandidate(func() bool {
			_, err := verifier.Verify(hookproof.Request{Method: "POST", Header: r.header, Body: r.body})
			return err == nil
		})
		peer := newCandidate(func() bool { return theirs.verify(r) == nil })
		standard := newCandidate(func() bool { return own.verify(r) == nil })
		runRounds(ours, peer, standard)
		if size == 612 {
			row("Go, 612 B", ours, "golang-jwt + sha256", peer, 2, "-")
			row("Go, 612 B", ours, "Go's own library", standard, 1, "-")
		} else {
			row("Go, 64 KiB", ours, "golang-jwt + sha256", peer, 0, "-")
			row("Go, 64 KiB", ours, "Go's own library", standard, 0, "-")
		}
	}
	allocations(verifier, 0, 612, 64*1024)
	verifier.Close()
	if len(os.Args) > 1 {
		fmt.Fprintln(os.Stderr, "bench: there are no options")
		os.Exit(2)
	}
}
