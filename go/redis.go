package hookproof

import (
	"context"
	"crypto/sha1" //nolint:gosec // the name that Redis gives a script
	"encoding/hex"
	"fmt"
	"strings"
	"sync/atomic"
	"time"
)

// RedisClient is the application's own client of Redis (6.2 or later) or Valkey: one command and its answer, a string, []byte or an
// integer. An error of the server has the server's text, "OOM ..." for one.
//
// With go-redis:
//
//	hookproof.RedisFunc(func(ctx context.Context, args ...any) (any, error) { return client.Do(ctx, args...).Result() })
type RedisClient interface {
	Do(ctx context.Context, args ...any) (any, error)
}

// RedisFunc is a function that is a [RedisClient].
type RedisFunc func(ctx context.Context, args ...any) (any, error)

// Do calls the function.
func (f RedisFunc) Do(ctx context.Context, args ...any) (any, error) { return f(ctx, args...) }

// NewRedisStore makes a store on a Redis or Valkey server, for many machines, through the application's own client. Programs in any
// language that share the server and the namespace protect each other. The server must be a primary that evicts nothing
// (maxmemory-policy noeviction), which is asked at the first use and after each failure. Time is the server's. All verifiers of a
// namespace should have one maximal age.
func NewRedisStore(client RedisClient, namespace string, options ...StoreOption) (*Store, error) {
	if client == nil {
		return nil, &ConfigError{"store: the client is nil"}
	}
	s, err := storeSettingsOf(options)
	if err != nil {
		return nil, err
	}
	return hostStore(namespace, &redisStore{client: client, namespace: namespace}, s, fmt.Sprintf(
		"all machines that use this Redis server and the namespace %s; a restart of the server keeps what its persistence "+
			"keeps, and a fail-over may lose the last writes", namespace))
}

type redisStore struct {
	client    RedisClient
	namespace string
	checked   atomic.Bool
}

type script struct{ text, hash string }

func scriptOf(text string) script {
	sum := sha1.Sum([]byte(text)) //nolint:gosec // the name that Redis gives a script
	return script{text, hex.EncodeToString(sum[:])}
}

var claimScript, confirmScript, releaseScript = scriptOf(redisClaim), scriptOf(redisConfirm), scriptOf(redisRelease)

func (s *redisStore) Claim(ctx context.Context, question Question) (Answer, error) {
	word, err := s.run(ctx, claimScript, question.Identity, question.Owner, question.Lease.Milliseconds(), question.Keep.Milliseconds())
	if err != nil {
		if isServerError(err, "OOM") {
			return Full, nil
		}
		return 0, err
	}
	switch word {
	case "claimed":
		return Claimed, nil
	case "in_progress":
		return InProgress, nil
	case "duplicate":
		return Duplicate, nil
	}
	return 0, s.strange()
}

func (s *redisStore) Confirm(ctx context.Context, identity, owner string, _ time.Time) (bool, error) {
	return s.end(ctx, confirmScript, identity, owner)
}

func (s *redisStore) Release(ctx context.Context, identity, owner string, _ time.Time) (bool, error) {
	return s.end(ctx, releaseScript, identity, owner)
}

func (s *redisStore) end(ctx context.Context, script script, identity, owner string) (bool, error) {
	word, err := s.run(ctx, script, identity, owner)
	switch {
	case err != nil:
		return false, err
	case word == "done":
		return true, nil
	case word == "no_effect":
		return false, nil
	}
	return false, s.strange()
}

func (s *redisStore) strange() error {
	s.checked.Store(false)
	return &StoreError{Message: "the server gave no answer that is known"}
}

func (s *redisStore) run(ctx context.Context, script script, identity string, arguments ...any) (string, error) {
	if err := s.check(ctx); err != nil {
		return "", err
	}
	command := append([]any{"EVALSHA", script.hash, 1, redisKeyPrefix + s.namespace + ":" + identity}, arguments...)
	answer, err := s.client.Do(ctx, command...)
	if err != nil && isServerError(err, "NOSCRIPT") {
		// The server has never seen it, or was restarted.
		command[0], command[1] = "EVAL", script.text
		answer, err = s.client.Do(ctx, command...)
	}
	if err != nil {
		// The next connection may be to another server.
		s.checked.Store(false)
		return "", err
	}
	return textOf(answer), nil
}

// check asks what kind of server it is: one that evicts would let repeats pass, and one that is no primary may not know them.
func (s *redisStore) check(ctx context.Context) error {
	if s.checked.Load() {
		return nil
	}
	memory, err := s.client.Do(ctx, "INFO", "memory")
	if err != nil {
		return err
	}
	if field(textOf(memory), "maxmemory_policy") != "noeviction" {
		return &StoreError{Message: "the server's maxmemory-policy is not noeviction"}
	}
	replication, err := s.client.Do(ctx, "INFO", "replication")
	if err != nil {
		return err
	}
	if role := field(textOf(replication), "role"); role != "master" && role != "primary" {
		return &StoreError{Message: "the server is no primary"}
	}
	s.checked.Store(true)
	return nil
}

func field(info, name string) string {
	for line := range strings.Lines(info) {
		if value, found := strings.CutPrefix(line, name+":"); found {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func textOf(answer any) string {
	switch answer := answer.(type) {
	case string:
		return answer
	case []byte:
		return string(answer)
	}
	return ""
}

func isServerError(err error, word string) bool {
	return strings.HasPrefix(err.Error(), word)
}
