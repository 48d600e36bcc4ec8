// Package tests runs the stores that Go itself asks against what they are made for. It is a module of its own: the package needs no client.
package tests

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"
	"github.com/redis/go-redis/v9"

	"github.com/hookproof/hookproof/go"
	"github.com/hookproof/hookproof/go/hooktest"
)

const apiKey, secret = "a1b2c3d4", "the signature secret of the tests, 50 letters long"

var body = []byte(`{"text":"hello"}`)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func expect(t *testing.T, err error, reason hookproof.Reason) {
	t.Helper()
	if !errors.Is(err, reason) {
		t.Fatalf("expected %v, got %v", reason, err)
	}
}

func verifierOn(t *testing.T, store *hookproof.Store, options ...hookproof.Option) *hookproof.Verifier {
	t.Helper()
	verifier, err := hookproof.New(append(options, hookproof.WithSecret(apiKey, secret), hookproof.WithStore(store))...)
	check(t, err)
	t.Cleanup(verifier.Close)
	return verifier
}

func request(claims ...hooktest.Claim) hookproof.Request {
	return hookproof.Request{
		Method: "POST", Body: body, Header: http.Header{"Authorization": {hooktest.NewSigner(apiKey, secret).Sign(body, claims...)}},
	}
}

// contract is what every store promises. Two verifiers share it, as two programs do.
func contract(t *testing.T, open func(t *testing.T) *hookproof.Store) {
	store := open(t)
	one, other := verifierOn(t, store, hookproof.WithLease(2*time.Second)), verifierOn(t, open(t), hookproof.WithLease(2*time.Second))
	if store.Extent() == "" {
		t.Error("it does not say what it covers")
	}

	t.Run("release and confirm", func(t *testing.T) {
		r := request()
		first, err := one.Claim(r)
		check(t, err)
		_, err = other.Claim(r)
		expect(t, err, hookproof.ReasonReplayInProgress)
		check(t, first.Release())
		if err := first.Confirm(); !errors.Is(err, hookproof.ErrNoEffect) {
			t.Error(err)
		}
		second, err := other.Claim(r)
		check(t, err)
		if second.Webhook.Replay != hookproof.ReplayClaimed {
			t.Error(second.Webhook.Replay)
		}
		check(t, second.Confirm())
		check(t, second.Confirm())
		_, err = one.Claim(r)
		expect(t, err, hookproof.ReasonReplayDuplicate)
		r.Duplicates = hookproof.HandOnDuplicates
		third, err := one.Claim(r)
		check(t, err)
		if !third.Webhook.IsDuplicate() || !errors.Is(third.Confirm(), hookproof.ErrNoEffect) {
			t.Error(third.Webhook.Replay)
		}
	})
	t.Run("once", func(t *testing.T) {
		r := request()
		webhook, err := one.VerifyOnce(r)
		check(t, err)
		if webhook.Replay != hookproof.ReplayRecorded {
			t.Error(webhook.Replay)
		}
		_, err = other.VerifyOnce(r)
		expect(t, err, hookproof.ReasonReplayDuplicate)
	})
	t.Run("a lease that ends", func(t *testing.T) {
		r := request()
		slow, err := one.Claim(r)
		check(t, err)
		time.Sleep(2100 * time.Millisecond)
		var quick *hookproof.Received
		for range 100 {
			if quick, err = other.Claim(r); err == nil {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		check(t, err)
		if err := slow.Confirm(); !errors.Is(err, hookproof.ErrNoEffect) {
			t.Error(err)
		}
		if err := slow.Release(); !errors.Is(err, hookproof.ErrNoEffect) {
			t.Error(err)
		}
		check(t, quick.Confirm())
	})
	t.Run("many at once", func(t *testing.T) {
		r := request()
		var accepted atomic.Int64
		var group sync.WaitGroup
		for number := range 40 {
			verifier := []*hookproof.Verifier{one, other}[number%2]
			group.Add(1)
			go func() {
				defer group.Done()
				if err := verifier.Receive(r, func(*hookproof.Webhook) error { accepted.Add(1); return nil }); err != nil &&
					!errors.Is(err, hookproof.ErrReplay) {
					t.Error(err)
				}
			}()
		}
		group.Wait()
		if accepted.Load() != 1 {
			t.Error(accepted.Load())
		}
	})
	t.Run("streamed", func(t *testing.T) {
		pending, err := one.Begin(request())
		check(t, err)
		_, err = pending.Write(body)
		check(t, err)
		received, err := pending.Claim()
		check(t, err)
		check(t, received.Confirm())
	})
}

// server is a redis-server of the test's own.
type server struct {
	socket  string
	process *os.Process
}

func startRedis(t *testing.T, arguments ...string) server {
	t.Helper()
	directory := t.TempDir()
	socket := filepath.Join(directory, "redis.sock")
	command := exec.Command("redis-server", append([]string{
		"--port", "0", "--unixsocket", socket, "--dir", directory, "--save", "", "--appendonly", "no",
	}, arguments...)...)
	out, err := command.StdoutPipe()
	check(t, err)
	check(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGCONT)
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	ready := make(chan bool, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if strings.Contains(lines.Text(), "eady to accept connections") {
				ready <- true
				break
			}
		}
		_, _ = io.Copy(io.Discard, out)
	}()
	select {
	case <-ready:
	case <-time.After(30 * time.Second):
		t.Fatal("redis-server does not start")
	}
	return server{socket, command.Process}
}

func (s server) client(t *testing.T) *redis.Client {
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: s.socket, MaxRetries: -1, ReadTimeout: 3 * time.Second})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func through(client *redis.Client) hookproof.RedisFunc {
	return func(ctx context.Context, args ...any) (any, error) { return client.Do(ctx, args...).Result() }
}

// A machine that is busy with other tests answers late: what is tested is the answer.
var patient = hookproof.WithBudget(10 * time.Second)

func redisStore(t *testing.T, s server, options ...hookproof.StoreOption) *hookproof.Store {
	t.Helper()
	store, err := hookproof.NewRedisStore(through(s.client(t)), "tests", append([]hookproof.StoreOption{patient}, options...)...)
	check(t, err)
	return store
}

func TestRedis(t *testing.T) {
	s := startRedis(t)
	contract(t, func(t *testing.T) *hookproof.Store { return redisStore(t, s) })

	t.Run("a server that has lost its scripts", func(t *testing.T) {
		verifier := verifierOn(t, redisStore(t, s))
		_, err := verifier.VerifyOnce(request())
		check(t, err)
		check(t, s.client(t).ScriptFlush(t.Context()).Err())
		_, err = verifier.VerifyOnce(request())
		check(t, err)
	})
	t.Run("keys end", func(t *testing.T) {
		client := s.client(t)
		keys, err := client.Keys(t.Context(), "*").Result()
		check(t, err)
		for _, key := range keys {
			if !strings.HasPrefix(key, "hookproof:1:tests:") || client.PTTL(t.Context(), key).Val() <= 0 {
				t.Error(key)
			}
		}
	})
	t.Run("a namespace", func(t *testing.T) {
		if _, err := hookproof.NewRedisStore(through(s.client(t)), "a b"); err == nil {
			t.Error("a namespace with a space")
		}
	})
}

func TestRedisThatEvicts(t *testing.T) {
	s := startRedis(t, "--maxmemory-policy", "allkeys-lru", "--maxmemory", "10mb")
	verifier := verifierOn(t, redisStore(t, s))
	_, err := verifier.Claim(request())
	expect(t, err, hookproof.ReasonReplayStoreUnavailable)
	var cause *hookproof.StoreError
	if !errors.As(err, &cause) || !strings.Contains(cause.Message, "noeviction") {
		t.Error(cause)
	}
	check(t, s.client(t).ConfigSet(t.Context(), "maxmemory-policy", "noeviction").Err())
	_, err = verifier.Claim(request())
	check(t, err)
}

func TestRedisThatIsNoPrimary(t *testing.T) {
	primary := startRedis(t)
	replica := startRedis(t)
	check(t, replica.client(t).SlaveOf(t.Context(), "127.0.0.1", "1").Err())
	_, err := verifierOn(t, redisStore(t, replica)).Claim(request())
	expect(t, err, hookproof.ReasonReplayStoreUnavailable)
	_, err = verifierOn(t, redisStore(t, primary)).Claim(request())
	check(t, err)
}

func TestRedisThatIsFull(t *testing.T) {
	s := startRedis(t, "--maxmemory-policy", "noeviction")
	verifier := verifierOn(t, redisStore(t, s))
	r := request()
	received, err := verifier.Claim(r)
	check(t, err)
	check(t, s.client(t).ConfigSet(t.Context(), "maxmemory", "1").Err())
	_, err = verifier.Claim(request())
	expect(t, err, hookproof.ReasonReplayStoreFull)
	// What is done must be recorded all the same.
	check(t, received.Confirm())
	_, err = verifier.Claim(r)
	expect(t, err, hookproof.ReasonReplayDuplicate)
}

// A server that hangs, with a client that waits much longer: the budget holds, and the claim that comes late is given back.
func TestRedisThatHangs(t *testing.T) {
	s := startRedis(t)
	store, err := hookproof.NewRedisStore(through(s.client(t)), "tests", hookproof.WithBudget(100*time.Millisecond))
	check(t, err)
	verifier, flagging := verifierOn(t, store), verifierOn(t, store, hookproof.DangerouslyAcceptAndFlagStoreFailures())
	for range 100 {
		// The first use may take longer than the budget on a busy machine.
		if _, err = verifier.VerifyOnce(request()); err == nil {
			break
		}
	}
	check(t, err)
	held, err := verifier.Claim(request())
	check(t, err)

	check(t, s.process.Signal(syscall.SIGSTOP))
	r := request()
	_, err = verifier.Claim(r)
	expect(t, err, hookproof.ReasonReplayStoreUnavailable)
	flagged, err := flagging.Claim(request())
	check(t, err)
	if flagged.Webhook.Replay != hookproof.ReplayUnavailable {
		t.Error(flagged.Webhook.Replay)
	}
	var down *hookproof.StoreError
	if err := held.Confirm(); !errors.As(err, &down) {
		t.Error(err)
	}
	worked := false
	err = verifier.Receive(request(), func(*hookproof.Webhook) error { worked = true; return nil })
	expect(t, err, hookproof.ReasonReplayStoreUnavailable)
	if worked {
		t.Error("it was worked on")
	}
	check(t, s.process.Signal(syscall.SIGCONT))
	patientVerifier := verifierOn(t, redisStore(t, s))
	for range 200 {
		if _, err = patientVerifier.Claim(r); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	check(t, err)
	for range 100 {
		// The confirm that came late may have worked already; both are right.
		if err = held.Confirm(); err == nil {
			break
		}
	}
	check(t, err)
}

func TestRedisThatIsAway(t *testing.T) {
	s := startRedis(t)
	store := redisStore(t, s)
	verifier := verifierOn(t, store)
	_, err := verifier.Claim(request())
	check(t, err)
	check(t, s.process.Kill())
	_, err = s.process.Wait()
	check(t, err)
	_, err = verifier.Claim(request())
	expect(t, err, hookproof.ReasonReplayStoreUnavailable)
	if strings.Contains(err.Error(), s.socket) {
		t.Error("the client's own words stand in the log line")
	}
}

func TestRedisThatSaysNonsense(t *testing.T) {
	for _, nonsense := range []any{nil, 7, "OK", []byte("claimed "), []any{"claimed"}} {
		store, err := hookproof.NewRedisStore(hookproof.RedisFunc(func(_ context.Context, args ...any) (any, error) {
			if args[0] == "INFO" {
				return "maxmemory_policy:noeviction\r\nrole:master\r\n", nil
			}
			return nonsense, nil
		}), "tests", patient)
		check(t, err)
		_, err = verifierOn(t, store).Claim(request())
		expect(t, err, hookproof.ReasonReplayStoreUnavailable)
	}
}

func TestSQL(t *testing.T) {
	for name, options := range map[string][]hookproof.StoreOption{
		"question marks": {patient},
		"dollars":        {patient, hookproof.WithDollarPlaceholders()},
		"another table":  {patient, hookproof.WithTable("main.seen")},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := sql.Open("sqlite3", filepath.Join(t.TempDir(), "db")+"?_journal_mode=WAL&_busy_timeout=10000")
			check(t, err)
			defer db.Close()
			table := "hookproof_replay"
			if name == "another table" {
				table = "main.seen"
			}
			statement, err := hookproof.TableSQL(table)
			check(t, err)
			if table == "main.seen" {
				// SQLite names the schema of an index with the index.
				statement = strings.Replace(statement, "ON main.seen", "ON seen", 1)
			}
			_, err = db.Exec(statement)
			check(t, err)
			contract(t, func(t *testing.T) *hookproof.Store {
				store, err := hookproof.NewSQLStore(db, "tests", options...)
				check(t, err)
				return store
			})
		})
	}
	db, err := sql.Open("sqlite3", ":memory:")
	check(t, err)
	defer db.Close()
	store, err := hookproof.NewSQLStore(db, "tests", patient)
	check(t, err)
	_, err = verifierOn(t, store).Claim(request())
	expect(t, err, hookproof.ReasonReplayStoreUnavailable)
	if _, err := hookproof.NewSQLStore(db, "tests", hookproof.WithTable("x; DROP TABLE y")); err == nil {
		t.Error("that is no name of a table")
	}
}

// The table is that of Python's stores: one database serves both.
func TestTheTableIsThatOfPython(t *testing.T) {
	python, err := os.ReadFile("../../python/hookproof/stores.py")
	check(t, err)
	statement, err := hookproof.TableSQL("{table}")
	if err == nil {
		t.Fatal("that is no name of a table")
	}
	statement, err = hookproof.TableSQL("t")
	check(t, err)
	_, schema, _ := strings.Cut(string(python), "_SCHEMA = \"\"\"\\\n")
	schema, _, _ = strings.Cut(schema, "\"\"\"")
	if strings.ReplaceAll(schema, "{table}", "t") != statement {
		t.Errorf("%s\n%s", schema, statement)
	}
}

type host struct {
	answer  hookproof.Answer
	err     error
	panics  bool
	ends    bool
	effect  bool
	took    time.Duration
	claimed []hookproof.Question
}

func (h *host) Claim(_ context.Context, question hookproof.Question) (hookproof.Answer, error) {
	h.claimed = append(h.claimed, question)
	if h.panics {
		panic("a bug")
	}
	if h.ends {
		runtime.Goexit()
	}
	time.Sleep(h.took)
	return h.answer, h.err
}

func (h *host) Confirm(context.Context, string, string, time.Time) (bool, error) {
	return h.effect, h.err
}
func (h *host) Release(context.Context, string, string, time.Time) (bool, error) {
	return h.effect, h.err
}

func TestHostStore(t *testing.T) {
	down := errors.New("the database is away")
	for name, test := range map[string]struct {
		host   host
		reason hookproof.Reason
	}{
		"claimed":     {host{answer: hookproof.Claimed, effect: true}, 0},
		"in progress": {host{answer: hookproof.InProgress}, hookproof.ReasonReplayInProgress},
		"duplicate":   {host{answer: hookproof.Duplicate}, hookproof.ReasonReplayDuplicate},
		"full":        {host{answer: hookproof.Full}, hookproof.ReasonReplayStoreFull},
		"an error":    {host{err: down}, hookproof.ReasonReplayStoreUnavailable},
		"nonsense":    {host{answer: 99}, hookproof.ReasonReplayStoreUnavailable},
		"no answer":   {host{ends: true}, hookproof.ReasonReplayStoreUnavailable},
		"too slow":    {host{answer: hookproof.Claimed, took: time.Second}, hookproof.ReasonReplayStoreUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			budget := patient
			if test.host.took > 0 {
				budget = hookproof.WithBudget(20 * time.Millisecond)
			}
			store, err := hookproof.NewHostStore("tests", &test.host, budget)
			check(t, err)
			verifier := verifierOn(t, store)
			received, err := verifier.Claim(request(hooktest.With("jti", "the id")))
			if test.reason == 0 {
				check(t, err)
				asked := test.host.claimed[0]
				if len(asked.Identity) != 32 || len(asked.Owner) != 32 || asked.Lease != 30*time.Second || asked.Keep < 360*time.Second {
					t.Errorf("%+v", asked)
				}
				check(t, received.Confirm())
				return
			}
			expect(t, err, test.reason)
			if test.host.err != nil && (!errors.Is(err, down) || strings.Contains(err.Error(), "database")) {
				t.Error(err)
			}
		})
	}
	store, err := hookproof.NewHostStore("tests", &host{panics: true}, patient)
	check(t, err)
	defer func() {
		if recover() == nil {
			t.Error("the panic was swallowed")
		}
	}()
	_, _ = verifierOn(t, store).Claim(request())
}

// An identity in Go is that of every other language.
func TestIdentity(t *testing.T) {
	asked := &host{answer: hookproof.Claimed, effect: true}
	store, err := hookproof.NewHostStore("shop", asked, patient)
	check(t, err)
	_, err = verifierOn(t, store).Claim(request(hooktest.With("jti", "the id")))
	check(t, err)
	client := startRedis(t).client(t)
	shared, err := hookproof.NewRedisStore(through(client), "shop", patient)
	check(t, err)
	_, err = verifierOn(t, shared).Claim(request(hooktest.With("jti", "the id")))
	check(t, err)
	if keys := client.Keys(t.Context(), "*").Val(); len(keys) != 1 || keys[0] != fmt.Sprintf("hookproof:1:shop:%s", asked.claimed[0].Identity) {
		t.Error(keys, asked.claimed[0].Identity)
	}
}
