package hookproof

import (
	"context"
	"math"
	"time"

	"github.com/hookproof/hookproof/go/internal/native"
)

// Store remembers which requests were there, so that one that comes twice is worked on once. It never forgets to make room: when it
// is full it refuses. Any number of verifiers and goroutines may share one.
type Store struct {
	native *native.Store
	// host is asked here, with its budget; nil where the library asks.
	host   HostStore
	budget time.Duration
	calls  gate
	extent string
}

// DefaultStoreCapacity is how many requests a memory store holds if you do not know better.
const DefaultStoreCapacity = native.DefaultStoreCapacity

// The budget of a store that is not told another one.
const defaultBudget = 50 * time.Millisecond

// StoreOption is a setting of a store.
type StoreOption func(*storeSettings) error

type storeSettings struct {
	budget       time.Duration
	coldStart    int32
	coldUntil    time.Time
	durability   int32
	table        string
	placeholders string
}

func storeSettingsOf(options []StoreOption) (storeSettings, error) {
	s := storeSettings{
		coldStart:    native.ColdStartAllow,
		coldUntil:    time.Now(),
		durability:   native.ProcessCrash,
		table:        defaultTable,
		placeholders: "?",
	}
	for _, option := range options {
		if err := option(&s); err != nil {
			return s, err
		}
	}
	return s, nil
}

// WithBudget sets how long a store may take for one answer: whole milliseconds up to a minute, 50 by default. One that takes longer
// is ReasonReplayStoreUnavailable.
func WithBudget(budget time.Duration) StoreOption {
	return func(s *storeSettings) error {
		if budget < time.Millisecond || budget%time.Millisecond != 0 || budget > time.Duration(native.MaxStoreBudgetMS)*time.Millisecond {
			return &ConfigError{"budget: must be whole milliseconds, from 1 to 60000"}
		}
		s.budget = budget
		return nil
	}
}

// RefuseOlderThan lets a memory store refuse what was issued at that time or before, usually the start of the program: without it a
// request from before a restart may be worked on once more. The sender's retries of such a request are refused too.
func RefuseOlderThan(start time.Time) StoreOption {
	return func(s *storeSettings) error {
		s.coldStart, s.coldUntil = native.ColdStartRefuse, start
		return nil
	}
}

// SurvivePowerLoss lets each answer of a file store wait for the disk.
func SurvivePowerLoss() StoreOption {
	return func(s *storeSettings) error {
		s.durability = native.PowerLoss
		return nil
	}
}

// NewMemoryStore makes a store in the memory of this process. Capacity is how many requests it can hold:
// [DefaultStoreCapacity] unless you know better. The memory is taken here, and none later.
func NewMemoryStore(capacity uint64, options ...StoreOption) (*Store, error) {
	s, err := storeSettingsOf(options)
	if err != nil {
		return nil, err
	}
	made, said := native.NewMemoryStore(capacity, s.coldStart, s.coldUntil.Unix())
	return nativeStore(made, said, s)
}

// NewFileStore makes a store in a file, for all processes of one machine, whatever language they are written in: each makes its own
// with the same path. It is made here if it is not there, in a folder that exists, on a file system of this machine.
func NewFileStore(path string, options ...StoreOption) (*Store, error) {
	s, err := storeSettingsOf(options)
	if err != nil {
		return nil, err
	}
	made, said := native.NewFileStore(path, s.durability)
	return nativeStore(made, said, s)
}

func nativeStore(made *native.Store, said string, s storeSettings) (*Store, error) {
	if made == nil {
		return nil, &ConfigError{"store: " + said}
	}
	if s.budget != 0 {
		if err := configError(made.SetBudget(uint32(s.budget/time.Millisecond)), ""); err != nil {
			made.Close()
			return nil, err
		}
	}
	return &Store{native: made, extent: made.Extent()}, nil
}

// Extent says in words what the store covers, for a log at start.
func (s *Store) Extent() string { return s.extent }

// Close frees the store. Claims stay valid.
func (s *Store) Close() { s.native.Close() }

// Question is what a store of your own is asked.
type Question struct {
	// Identity names the request: 32 hexadecimal digits, the same in every language.
	Identity string

	// Owner claims it: 32 hexadecimal digits, never the same twice.
	Owner string

	// Lease is how long the claim is held unless it is confirmed or released. 0: write it as done at once.
	Lease time.Duration

	// Keep is how long the identity must be kept from now on, at least.
	Keep time.Duration

	// Now is the time of the request.
	Now time.Time
}

// Answer is what a store of your own says.
type Answer int32

// The answers. An error beside one means that the store is unavailable.
const (
	// Claimed: the identity was free, or its lease was over, and it is the owner's now.
	Claimed = Answer(native.ReplayClaimed)

	// InProgress: another owner holds it, and its lease runs.
	InProgress = Answer(native.ReplayInProgress)

	// Duplicate: it is done.
	Duplicate = Answer(native.ReplayDuplicate)

	// Full: the store has no room.
	Full = Answer(native.ReplayFull)
)

// HostStore is a store of your own: in the application's database, for one. Each method is one atomic statement, and honours its
// context. It must never forget an identity before its time, neither to make room nor for any other reason: caches that evict are no
// stores.
type HostStore interface {
	// Claim inserts the identity with its owner and the end of its lease; or takes it over if it is there, not done, and its lease is
	// over; else leaves it.
	Claim(ctx context.Context, question Question) (Answer, error)

	// Confirm marks the identity as done, if the owner has it, and says whether it has.
	Confirm(ctx context.Context, identity, owner string, now time.Time) (bool, error)

	// Release makes the identity free again, if the owner has it and it is not done, and says whether that was so.
	Release(ctx context.Context, identity, owner string, now time.Time) (bool, error)
}

// NewHostStore makes a store of your own one of hookproof's. Programs that share the namespace, and what is behind the store,
// protect each other: 1 to 64 letters, digits, '-', '_' or '.'.
func NewHostStore(namespace string, host HostStore, options ...StoreOption) (*Store, error) {
	if host == nil {
		return nil, &ConfigError{"store: is nil"}
	}
	s, err := storeSettingsOf(options)
	if err != nil {
		return nil, err
	}
	return hostStore(namespace, host, s, "")
}

func hostStore(namespace string, host HostStore, s storeSettings, extent string) (*Store, error) {
	made, said := native.NewHostStore(namespace)
	if made == nil {
		return nil, &ConfigError{"store: " + said}
	}
	if extent == "" {
		extent = made.Extent()
	}
	budget := s.budget
	if budget == 0 {
		budget = defaultBudget
	}
	return &Store{native: made, host: host, budget: budget, calls: newGate(), extent: extent}, nil
}

// ask asks the host's store within the budget. A claim that comes too late is released: nobody works on it.
func (s *Store) ask(ctx context.Context, question native.Question, now time.Time) (int32, error) {
	asked := Question{
		Identity: question.Identity,
		Owner:    question.Owner,
		Lease:    time.Duration(question.LeaseSeconds) * time.Second,
		Keep:     time.Duration(min(question.KeepSeconds, math.MaxInt64/uint64(time.Second))) * time.Second,
		Now:      now,
	}
	late := func(answer Answer) {
		if answer == Claimed && asked.Lease > 0 {
			_, _ = s.end(ctx, s.host.Release, asked.Identity, asked.Owner, now)
		}
	}
	answer, err := within(ctx, s.calls, s.budget, func(ctx context.Context) (Answer, error) {
		return s.host.Claim(ctx, asked)
	}, late)
	switch {
	case err != nil:
		return native.ReplayUnavailable, err
	case answer == Claimed || answer == InProgress || answer == Duplicate || answer == Full:
		return int32(answer), nil
	default:
		return native.ReplayUnavailable, &StoreError{Message: "it gave an answer that is not known"}
	}
}

type ending func(ctx context.Context, identity, owner string, now time.Time) (bool, error)

// end ends a claim, also of a request that is over: whoever did the work must be able to say so.
func (s *Store) end(ctx context.Context, how ending, identity, owner string, now time.Time) (bool, error) {
	return within(context.WithoutCancel(ctx), s.calls, s.budget, func(ctx context.Context) (bool, error) {
		return how(ctx, identity, owner, now)
	}, nil)
}
