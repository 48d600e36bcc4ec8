// Command server is a webhook server: net/http reads HTTP, hookproof decides what is genuine.
//
// What it shows, and what a server of yours should keep:
//   - the middleware judges the token when the headers are in, before one byte of the body is read;
//   - a request is claimed last of all, confirmed just before a 2xx leaves, and released when anything else does: it is worked on once,
//     and a retry of work that failed is no repeat;
//   - where the answer has content, a repeat gets it again without the work being done again;
//   - every refusal answers the same text: the reason goes to the log, never to the sender;
//   - SIGHUP swaps the keyring without losing a request, and SIGTERM lets requests under way end.
//
// It listens on the loopback address alone. Put a TLS proxy in front of it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/hookproof/hookproof/go"
	"github.com/redis/go-redis/v9"
)

type options struct {
	keyring, replay, namespace, journal, failWhile string
	port, work                                     int
	maxBody, capacity                              uint64
	timeout, budget, lease                         time.Duration
}

func parseOptions() options {
	var o options
	var timeout, budget, lease int
	flag.StringVar(&o.keyring, "keyring", "", "keyring JSON `FILE`; without it the text in HOOKPROOF_KEYRING. SIGHUP reads it again")
	flag.IntVar(&o.port, "port", 8080, "port to listen on; 0 takes a free one and prints it")
	flag.Uint64Var(&o.maxBody, "max-body", 1<<20, "largest body accepted")
	flag.IntVar(&timeout, "timeout", 15, "longest time for a request, in seconds")
	flag.StringVar(&o.replay, "replay", os.Getenv("HOOKPROOF_REPLAY"), "memory, file:PATH, redis://HOST:PORT[/DB] or redis+unix://PATH")
	flag.Uint64Var(&o.capacity, "replay-capacity", hookproof.DefaultStoreCapacity, "requests that memory holds")
	flag.StringVar(&o.namespace, "replay-namespace", "hookproof", "part of every key in Redis")
	flag.IntVar(&budget, "replay-budget", 50, "longest time for an answer of the store, in milliseconds")
	flag.IntVar(&lease, "lease", 30, "time for the application before a retry may take the request over, in seconds")
	flag.StringVar(&o.journal, "journal", "", "the application writes a line for each webhook it handled, and what became of it")
	flag.StringVar(&o.failWhile, "fail-while", "", "the application fails as long as `FILE` exists")
	flag.IntVar(&o.work, "work", 0, "the application takes so many milliseconds")
	flag.Parse()
	o.timeout, o.lease = time.Duration(timeout)*time.Second, time.Duration(lease)*time.Second
	o.budget = time.Duration(budget) * time.Millisecond
	return o
}

func (o options) readKeyring() (*hookproof.Keyring, error) {
	text := []byte(os.Getenv("HOOKPROOF_KEYRING"))
	if o.keyring != "" {
		var err error
		if text, err = os.ReadFile(o.keyring); err != nil {
			return nil, err
		}
	}
	keyring, err := hookproof.ParseKeyring(text)
	if err == nil {
		for _, lint := range keyring.Lints() {
			log.Printf("warning: %s", lint)
		}
	}
	return keyring, err
}

// openStore never shows the text of --replay: a URL may hold a password.
func (o options) openStore() (*hookproof.Store, error) {
	budget := hookproof.WithBudget(o.budget)
	switch {
	case o.replay == "memory":
		return hookproof.NewMemoryStore(o.capacity, budget)
	case strings.HasPrefix(o.replay, "file:"):
		return hookproof.NewFileStore(strings.TrimPrefix(o.replay, "file:"), budget)
	case strings.HasPrefix(o.replay, "redis"):
		settings, err := redis.ParseURL(strings.TrimPrefix(o.replay, "redis+"))
		if err != nil {
			return nil, errors.New("--replay: must be redis://[user:password@]host[:port][/database]")
		}
		// The store has a budget of its own, and the sender tries again.
		settings.ContextTimeoutEnabled, settings.MaxRetries = true, -1
		client := redis.NewClient(settings)
		return hookproof.NewRedisStore(hookproof.RedisFunc(func(ctx context.Context, args ...any) (any, error) {
			return client.Do(ctx, args...).Result()
		}), o.namespace, budget)
	}
	return nil, errors.New("--replay: choose memory, file:PATH or redis://HOST:PORT[/DB]")
}

func run(o options) error {
	keyring, err := o.readKeyring()
	if err != nil {
		return err
	}
	defer keyring.Close()
	store, err := o.openStore()
	if err != nil {
		return err
	}
	verifier, err := hookproof.New(hookproof.WithKeyring(keyring), hookproof.WithStore(store),
		hookproof.WithMaxBodyBytes(o.maxBody), hookproof.WithLease(o.lease))
	if err != nil {
		return err
	}
	application, err := newApplication(o)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", o.port))
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           application.routes(verifier),
		ReadHeaderTimeout: o.timeout,
		ReadTimeout:       o.timeout,
		IdleTimeout:       o.timeout,
		ErrorLog:          log.Default(),
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM)
	fmt.Printf("listening on %s\n", listener.Addr())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for received := range signals {
			if received != syscall.SIGHUP {
				break
			}
			reload(o, verifier)
		}
		ctx, cancel := context.WithTimeout(context.Background(), o.timeout)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			log.Printf("not all requests ended in time: %v", err)
		}
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	<-stopped
	return nil
}

// reload leaves the old keyring in place if the new one cannot be loaded: a slip of the editor must not refuse every webhook.
func reload(o options, verifier *hookproof.Verifier) {
	keyring, err := o.readKeyring()
	if err == nil {
		defer keyring.Close()
		err = verifier.ReplaceKeyring(keyring)
	}
	if err != nil {
		log.Printf("keyring not reloaded: generation %d stays: %v", verifier.KeyringGeneration(), err)
		return
	}
	log.Printf("keyring reloaded: %d accounts, generation %d", keyring.Len(), verifier.KeyringGeneration())
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("server: ")
	log.SetOutput(os.Stderr)
	if err := run(parseOptions()); err != nil {
		log.Fatal(err)
	}
}
