package hookproof_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hookproof/hookproof/go"
)

func TestKeyCache(t *testing.T) {
	var mutex sync.Mutex
	loads := map[string]int{}
	hold := make(chan struct{})
	down := errors.New("the database is away")
	source := hookproof.KeySourceFunc(func(ctx context.Context, account string) (*hookproof.Keyring, error) {
		mutex.Lock()
		loads[account]++
		mutex.Unlock()
		switch account {
		case "nobody":
			return nil, nil
		case "away":
			return nil, down
		case "slow":
			select {
			case <-hold:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		keyring := hookproof.NewKeyring()
		return keyring, keyring.Add(account, hookproof.Secret{Value: []byte("a secret")})
	})
	cache, err := hookproof.NewKeyCache(source, 2, 200*time.Millisecond)
	check(t, err)
	count := func(account string, want int) {
		t.Helper()
		mutex.Lock()
		defer mutex.Unlock()
		if loads[account] != want {
			t.Errorf("%s was loaded %d times, not %d", account, loads[account], want)
		}
	}
	ask := func(account string) (*hookproof.Keyring, error) { return cache.Keyring(t.Context(), account) }

	// One load for all who ask at once, also when the first of them gives up.
	impatient, giveUp := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for number := range 10 {
		group.Add(1)
		go func() {
			defer group.Done()
			ctx := t.Context()
			if number%2 == 0 {
				ctx = impatient
			}
			if keyring, err := cache.Keyring(ctx, "slow"); err == nil && keyring.Len() != 1 {
				t.Error(keyring.Len())
			} else if err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}()
	}
	time.Sleep(20 * time.Millisecond)
	giveUp()
	close(hold)
	group.Wait()
	count("slow", 1)

	long, err := hookproof.NewKeyCache(source, 2, time.Hour)
	check(t, err)
	for range 2 {
		for _, account := range []string{"one", "nobody"} {
			keyring, err := long.Keyring(t.Context(), account)
			check(t, err)
			if (keyring == nil) != (account == "nobody") {
				t.Error(account, keyring)
			}
		}
		if _, err := long.Keyring(t.Context(), "away"); !errors.Is(err, down) {
			t.Error(err)
		}
	}
	count("one", 1)
	count("nobody", 1)
	count("away", 2)
	// Accounts that were invented put out none that is known; a third one that is known does.
	for number := range 10 {
		_, err := long.Keyring(t.Context(), fmt.Sprintf("two%d", number%2))
		check(t, err)
	}
	_, err = long.Keyring(t.Context(), "one")
	check(t, err)
	count("one", 2)
	count("nobody", 1)
	long.Forget("one")
	_, err = long.Keyring(t.Context(), "one")
	check(t, err)
	count("one", 3)

	// What is old is loaded anew.
	_, err = ask("old")
	check(t, err)
	time.Sleep(250 * time.Millisecond)
	_, err = ask("old")
	check(t, err)
	count("old", 2)

	for _, wrong := range []func() (*hookproof.KeyCache, error){
		func() (*hookproof.KeyCache, error) { return hookproof.NewKeyCache(nil, 1, time.Second) },
		func() (*hookproof.KeyCache, error) { return hookproof.NewKeyCache(source, 0, time.Second) },
		func() (*hookproof.KeyCache, error) { return hookproof.NewKeyCache(source, 1, 0) },
	} {
		if _, err := wrong(); err == nil {
			t.Error("it was made")
		}
	}
}

// What was being read while the account was forgotten is for those who wait for it, and is not kept.
func TestForgetWhileLoading(t *testing.T) {
	reading, goOn := make(chan struct{}, 2), make(chan struct{})
	var loads atomic.Int64
	old, changed := hookproof.NewKeyring(), hookproof.NewKeyring()
	cache, err := hookproof.NewKeyCache(hookproof.KeySourceFunc(func(context.Context, string) (*hookproof.Keyring, error) {
		if loads.Add(1) > 1 {
			return changed, nil
		}
		reading <- struct{}{}
		<-goOn
		return old, nil
	}), 2, time.Hour)
	check(t, err)
	first := make(chan *hookproof.Keyring)
	go func() {
		keyring, _ := cache.Keyring(context.Background(), "a")
		first <- keyring
	}()
	<-reading
	cache.Forget("a")
	if keyring, err := cache.Keyring(t.Context(), "a"); keyring != changed || err != nil {
		t.Error("the next request got what was read before", err)
	}
	close(goOn)
	if <-first != old {
		t.Error("the first request got another keyring")
	}
	if keyring, err := cache.Keyring(t.Context(), "a"); keyring != changed || err != nil || loads.Load() != 2 {
		t.Error("what was read before was kept", err)
	}
}
