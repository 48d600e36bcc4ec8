package hookproof

import (
	"context"
	"sync"

	"github.com/hookproof/hookproof/go/internal/native"
)

// KeySource loads the secrets of an account, for programs that keep those of their customers in a database.
type KeySource interface {
	// Keyring loads the keyring of an account by the api_key that a token claims, or by the route. Anybody may have written
	// it: use it as a value, never as a part of a query's text. nil without an error: the account is not known. An error, and
	// what takes longer than the context allows, makes the request ReasonKeyUnavailable: the sender keeps it.
	Keyring(ctx context.Context, account string) (*Keyring, error)
}

// KeySourceFunc is a function that is a [KeySource].
type KeySourceFunc func(ctx context.Context, account string) (*Keyring, error)

// Keyring calls the function.
func (f KeySourceFunc) Keyring(ctx context.Context, account string) (*Keyring, error) {
	return f(ctx, account)
}

var emptyKeyring = sync.OnceValue(NewKeyring)

// load finds the keyring for a request, where it is not the verifier's own. The error is the source's.
func (v *Verifier) load(r *Request, to *native.Request) error {
	if r.Keyring != nil {
		to.Keyring, to.HasKeyring = r.Keyring.native, true
		return nil
	}
	if v.source == nil {
		return nil
	}
	to.HasKeyring = true
	account, status := v.native.UntrustedAccount(to)
	if status != native.OK {
		// The verifier finds out by itself, in its own order.
		return nil
	}
	keyring, err := within(r.context(), v.loads, v.sourceFor, func(ctx context.Context) (*Keyring, error) {
		return v.source.Keyring(ctx, account)
	}, nil)
	if err != nil {
		return err
	}
	if keyring == nil {
		keyring = emptyKeyring()
	}
	to.Keyring = keyring.native
	return nil
}
