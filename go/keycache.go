package hookproof

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// KeyCache is a [KeySource] that keeps what another one loads.
type KeyCache struct {
	source KeySource
	age    time.Duration
	mutex  sync.Mutex
	// Apart, so that a flood of invented accounts puts out none that is known.
	known, unknown shelf
	loads          map[string]*keyLoad
}

// keyLoad is one load under way, for all who wait for it.
type keyLoad struct {
	done    chan struct{}
	keyring *Keyring
	err     error
}

// NewKeyCache keeps the keyrings of at most so many accounts, and the names of as many that are not known, each for so long: that is how
// long a change may take. One load for each account runs at a time. Failures are not kept.
func NewKeyCache(source KeySource, accounts int, age time.Duration) (*KeyCache, error) {
	switch {
	case source == nil:
		return nil, &ConfigError{"key source: is nil"}
	case accounts < 1:
		return nil, &ConfigError{"key cache: must hold 1 account or more"}
	case age <= 0:
		return nil, &ConfigError{"key cache: must keep a keyring for more than 0 seconds"}
	}
	return &KeyCache{source: source, age: age, known: newShelf(accounts), unknown: newShelf(accounts), loads: map[string]*keyLoad{}}, nil
}

// Forget lets the next request of an account load its keyring anew.
func (c *KeyCache) Forget(account string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.known.drop(account)
	c.unknown.drop(account)
	// A load under way may have read what is old by now: it is for those who wait already, and is not kept.
	delete(c.loads, account)
}

// Keyring is that of the account, kept or loaded.
func (c *KeyCache) Keyring(ctx context.Context, account string) (*Keyring, error) {
	c.mutex.Lock()
	now := time.Now()
	for _, shelf := range []*shelf{&c.known, &c.unknown} {
		if keyring, ok := shelf.get(account, now); ok {
			c.mutex.Unlock()
			return keyring, nil
		}
	}
	load, isUnderWay := c.loads[account]
	if !isUnderWay {
		load = &keyLoad{done: make(chan struct{}), err: errNoAnswer}
		c.loads[account] = load
	}
	c.mutex.Unlock()
	if !isUnderWay {
		c.load(ctx, account, load)
	}
	select {
	case <-load.done:
		return load.keyring, load.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *KeyCache) load(ctx context.Context, account string, load *keyLoad) {
	// Others may be waiting for the same account: one request that is given up must not end their load.
	own, cancel := context.WithoutCancel(ctx), context.CancelFunc(func() {})
	if deadline, ok := ctx.Deadline(); ok {
		own, cancel = context.WithDeadline(own, deadline)
	}
	defer cancel()
	defer func() {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		isWanted := c.loads[account] == load
		if isWanted {
			delete(c.loads, account)
		}
		if isWanted && load.err == nil {
			shelf := &c.known
			if load.keyring == nil {
				shelf = &c.unknown
			}
			shelf.put(account, load.keyring, time.Now().Add(c.age))
		}
		close(load.done)
	}()
	load.keyring, load.err = c.source.Keyring(own, account)
}

// shelf has room for so many accounts; the one that was not asked for the longest makes room.
type shelf struct {
	room   int
	places map[string]*list.Element
	order  *list.List
}

type kept struct {
	account string
	keyring *Keyring
	until   time.Time
}

func newShelf(room int) shelf {
	return shelf{room, map[string]*list.Element{}, list.New()}
}

func (s *shelf) get(account string, now time.Time) (*Keyring, bool) {
	place, ok := s.places[account]
	if !ok {
		return nil, false
	}
	found := place.Value.(kept)
	if !now.Before(found.until) {
		s.drop(account)
		return nil, false
	}
	s.order.MoveToFront(place)
	return found.keyring, true
}

func (s *shelf) put(account string, keyring *Keyring, until time.Time) {
	s.drop(account)
	s.places[account] = s.order.PushFront(kept{account, keyring, until})
	if s.order.Len() > s.room {
		s.drop(s.order.Back().Value.(kept).account)
	}
}

func (s *shelf) drop(account string) {
	if place, ok := s.places[account]; ok {
		s.order.Remove(place)
		delete(s.places, account)
	}
}
