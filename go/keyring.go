package hookproof

import (
	"math"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/hookproof/hookproof/go/internal/native"
)

// Secret is a signature secret of an account: the one of the vendor's dashboard that signs webhooks, not the API secret.
type Secret struct {
	// Label names the secret in logs: "production", "old". Empty: "key-1", "key-2" and so on.
	Label string

	// Value is the secret as raw bytes, taken as it is: nothing is trimmed or decoded. 1 to 4096 bytes.
	Value []byte

	// NotBefore and NotAfter bound the time in which the secret counts, both inclusive. The zero time leaves an end open.
	// Leave an old secret in for a day after a rotation: the sender retries with it for 24 hours.
	NotBefore, NotAfter time.Time
}

// String hides the secret.
func (s Secret) String() string { return "Secret(" + s.Label + ")" }

// GoString hides the secret.
func (s Secret) GoString() string { return s.String() }

// Keyring holds the accounts whose webhooks are accepted, each with its secrets and the applications expected. A verifier copies
// it. Many goroutines may use it once nobody changes it any more.
type Keyring struct {
	native *native.Keyring
	mutex  sync.Mutex
	counts map[string]int
}

// NewKeyring makes an empty keyring. [Keyring.Close] wipes its secrets from memory; without it they are wiped when the keyring is
// garbage.
func NewKeyring() *Keyring {
	return &Keyring{native: native.NewKeyring(), counts: map[string]int{}}
}

// ParseKeyring reads the JSON text of a keyring, which is the same for every language:
//
//	{"version": 1, "accounts": [
//	  {"api_key": "a1b2c3d4",
//	   "secrets": [{"label": "production", "secret": "text"},
//	               {"label": "old", "secret_base64": "YmFzZTY0", "not_after": 1767312000}],
//	   "application_ids": ["aaaaaaaa-bbbb-cccc-dddd-0123456789ab"]}]}
func ParseKeyring(json []byte) (*Keyring, error) {
	keyring := NewKeyring()
	status, said := keyring.native.AddJSON(json)
	if err := configError(status, said); err != nil {
		return nil, err
	}
	return keyring, nil
}

// Add adds a secret to an account, and the account if it is new. An account may have several secrets; every one is tried.
func (k *Keyring) Add(apiKey string, secret Secret) error {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	label := secret.Label
	if label == "" {
		label = "key-" + strconv.Itoa(k.counts[apiKey]+1)
	}
	from, until := int64(math.MinInt64), int64(math.MaxInt64)
	if !secret.NotBefore.IsZero() {
		from = secret.NotBefore.Unix()
	}
	if !secret.NotAfter.IsZero() {
		until = secret.NotAfter.Unix()
	}
	status, said := k.native.AddSecret(apiKey, label, secret.Value, from, until)
	if status == native.OK {
		k.counts[apiKey]++
	}
	return configError(status, said)
}

// AddApplication names an application that may send to an account, which must have a secret already. Once one is named, a token
// of the account without an application_id, or with another, is refused; call again to allow more.
func (k *Keyring) AddApplication(apiKey, applicationID string) error {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	status, said := k.native.AddApplication(apiKey, applicationID)
	return configError(status, said)
}

// Len is the number of accounts.
func (k *Keyring) Len() int { return k.native.Len() }

// Lints are remarks on secrets that are allowed but look wrong, such as "a1b2c3d4/production: ends with a newline"; never a
// secret. Log them at start.
func (k *Keyring) Lints() []string { return k.native.Lints() }

// Close wipes the secrets. Verifiers keep their own copy.
func (k *Keyring) Close() {
	k.native.Close()
	runtime.KeepAlive(k)
}
