package hookproof

import (
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/hookproof/hookproof/go/internal/native"
)

// RetryWindow is a maximal age that accepts every retry of the sender: 24 hours and a quarter. Use it with a store that survives
// restarts.
const RetryWindow = time.Duration(native.RetryWindow) * time.Second

// Profile is one of the vendor's ways to sign.
type Profile string

// The profiles. That of the SMS API is chosen by the method that the account has set.
const (
	Standard      Profile = "standard"
	Video         Profile = "video"
	ContactCenter Profile = "contact_center"
	CloudRuntime  Profile = "cloud_runtime"
	SMSMD5Hash    Profile = "sms_md5hash"
	SMSMD5        Profile = "sms_md5"
	SMSSHA1       Profile = "sms_sha1"
	SMSSHA256     Profile = "sms_sha256"
	SMSSHA512     Profile = "sms_sha512"
)

// Option is a setting of a verifier. What is not set has the strict default; no value of an option means "off".
type Option func(*settings) error

type settings struct {
	policy  *native.Policy
	keyring *Keyring
	// Made here, and to be wiped here.
	own       []*Keyring
	source    KeySource
	sourceFor time.Duration
	store     *Store
	clock     func() time.Time
	logger    *slog.Logger
}

func setting(set func(*native.Policy) (int32, string)) Option {
	return func(s *settings) error {
		return configError(set(s.policy))
	}
}

func each(set func(*native.Policy, string) (int32, string), values []string) Option {
	return func(s *settings) error {
		for _, value := range values {
			if err := configError(set(s.policy, value)); err != nil {
				return err
			}
		}
		return nil
	}
}

func seconds(name string, value time.Duration, set func(*native.Policy, uint32) (int32, string)) Option {
	return func(s *settings) error {
		whole, err := wholeSeconds(name, value)
		if err != nil {
			return err
		}
		return configError(set(s.policy, whole))
	}
}

func wholeSeconds(name string, value time.Duration) (uint32, error) {
	if value < 0 || value%time.Second != 0 || value/time.Second > math.MaxUint32 {
		return 0, &ConfigError{name + ": must be whole seconds, and not negative"}
	}
	return uint32(value / time.Second), nil
}

// WithKeyring sets the accounts. The keyring is copied. Of this, [WithKeyringJSON], [WithSecret] and [WithKeySource] one is needed.
func WithKeyring(keyring *Keyring) Option {
	return func(s *settings) error {
		if keyring == nil {
			return &ConfigError{"keyring: is nil"}
		}
		if s.keyring != nil {
			return &ConfigError{"keyring: is given twice"}
		}
		s.keyring = keyring
		return nil
	}
}

// WithKeyringJSON sets the accounts from a keyring's text: see [ParseKeyring].
func WithKeyringJSON(json []byte) Option {
	return func(s *settings) error {
		keyring, err := ParseKeyring(json)
		if err != nil {
			return err
		}
		s.own = append(s.own, keyring)
		return WithKeyring(keyring)(s)
	}
}

// WithSecret adds a secret of an account. It may be given several times.
func WithSecret(apiKey, secret string) Option {
	return func(s *settings) error {
		if s.keyring == nil {
			s.keyring = NewKeyring()
			s.own = append(s.own, s.keyring)
		}
		for _, own := range s.own {
			if own == s.keyring {
				return own.Add(apiKey, Secret{Value: []byte(secret)})
			}
		}
		return &ConfigError{"keyring: is given, and a secret beside it"}
	}
}

// WithKeySource loads the secrets of an account when they are needed. One load may take as long as timeout: a request that waits
// longer is ReasonKeyUnavailable.
func WithKeySource(source KeySource, timeout time.Duration) Option {
	return func(s *settings) error {
		if source == nil {
			return &ConfigError{"key source: is nil"}
		}
		if timeout <= 0 {
			return &ConfigError{"key source: the timeout must be more than 0"}
		}
		s.source, s.sourceFor = source, timeout
		return nil
	}
}

// WithStore names what remembers requests, for Receive, VerifyOnce and Middleware. There is no default.
func WithStore(store *Store) Option {
	return func(s *settings) error {
		if store == nil {
			return &ConfigError{"store: is nil"}
		}
		s.store = store
		return nil
	}
}

// WithProfile chooses the vendor's product. [Standard] is the default: Messages, Dispatch, Verify v2 and Voice.
func WithProfile(profile Profile) Option {
	return setting(func(p *native.Policy) (int32, string) { return p.SetProfile(string(profile)) })
}

// WithMaxAge sets how old a token may be, inclusive: whole seconds up to a week, 300 by default. See [RetryWindow].
func WithMaxAge(age time.Duration) Option {
	return seconds("max_age", age, (*native.Policy).SetMaxAge)
}

// WithLeeway sets how far in the future a token may have been issued, inclusive: whole seconds up to an hour, 60 by default.
func WithLeeway(leeway time.Duration) Option {
	return seconds("leeway", leeway, (*native.Policy).SetLeeway)
}

// WithLease sets how long a claim holds a request before a retry may take it over: 1 second to an hour, 30 seconds by default. It
// must be longer than any handler runs.
func WithLease(lease time.Duration) Option {
	return seconds("lease", lease, (*native.Policy).SetLease)
}

// WithMaxHeaderBytes sets the longest value of the header: 256 to 65536, 8192 by default.
func WithMaxHeaderBytes(bytes uint64) Option {
	return setting(func(p *native.Policy) (int32, string) { return p.SetMaxHeaderBytes(bytes) })
}

// WithMaxBodyBytes sets the largest body: up to 1 GiB, 1 MiB by default.
func WithMaxBodyBytes(bytes uint64) Option {
	return setting(func(p *native.Policy) (int32, string) { return p.SetMaxBodyBytes(bytes) })
}

// WithHeaderName sets the header that carries the token: "Authorization" in the standard profile.
func WithHeaderName(name string) Option {
	return setting(func(p *native.Policy) (int32, string) { return p.SetHeaderName(name) })
}

// WithExpectedIssuer sets the iss that tokens must carry, byte for byte; "Vonage" by default.
func WithExpectedIssuer(issuer string) Option {
	return setting(func(p *native.Policy) (int32, string) { return p.SetExpectedIssuer(issuer) })
}

// WithBodyMethods allows more methods whose payload is the body, besides POST, PUT and PATCH.
func WithBodyMethods(methods ...string) Option {
	return each((*native.Policy).AddBodyMethod, methods)
}

// WithPayloadForms accepts more forms of a GET's payload: "query_nested", "query_null" or "query_nested_null".
func WithPayloadForms(forms ...string) Option {
	return each((*native.Policy).AddPayloadForm, forms)
}

// WithOwnQueries names parameters of your own in the URL you gave Vonage: "token=x". A GET whose query begins with exactly this
// text is tried with it and, if the hash does not fit, without it.
func WithOwnQueries(queries ...string) Option {
	return each((*native.Policy).AddOwnQuery, queries)
}

// WithConventionalAdvice answers 401 to key and signature refusals too. The sender drops those messages.
func WithConventionalAdvice() Option {
	return setting(func(p *native.Policy) (int32, string) { return p.SetAdvice(native.Conventional) })
}

// WithRetryStatus sets the status that makes the sender keep a message: 503, the default, or 429.
func WithRetryStatus(status int) Option {
	return setting(func(p *native.Policy) (int32, string) {
		if status < 0 || status > math.MaxInt32 {
			status = 0
		}
		return p.SetRetryStatus(int32(status))
	})
}

// WithPublishedNetworks lets [Verifier.SourceHint] compare addresses with the networks that Vonage has published.
func WithPublishedNetworks() Option {
	return setting((*native.Policy).UsePublishedNetworks)
}

// WithNetworks adds networks of your own to those of [Verifier.SourceHint]: "192.0.2.0/24".
func WithNetworks(networks ...string) Option {
	return each((*native.Policy).AddNetwork, networks)
}

// WithClock replaces the system's clock, for tests.
func WithClock(clock func() time.Time) Option {
	return func(s *settings) error {
		if clock == nil {
			return &ConfigError{"clock: is nil"}
		}
		s.clock = clock
		return nil
	}
}

// WithLogger names the log of refusals and of claims that could not be ended. [slog.Default] without it.
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) error {
		if logger == nil {
			return &ConfigError{"logger: is nil"}
		}
		s.logger = logger
		return nil
	}
}

// DangerouslyAllowMissingPayloadHash accepts tokens without payload_hash. Nothing then ties the body to the signature.
func DangerouslyAllowMissingPayloadHash() Option {
	return setting((*native.Policy).DangerouslyAllowMissingPayloadHash)
}

// DangerouslyAllowMissingNonce accepts SMS webhooks without nonce: two that are equal to the second are then one.
func DangerouslyAllowMissingNonce() Option {
	return setting((*native.Policy).DangerouslyAllowMissingNonce)
}

// DangerouslyAcceptAndFlagStoreFailures accepts requests while the store is unavailable, with a [Webhook.Replay] of
// "unavailable". Whoever can disturb the store can have a request worked on twice.
func DangerouslyAcceptAndFlagStoreFailures() Option {
	return setting((*native.Policy).DangerouslyAcceptAndFlagStoreFailures)
}

// New makes a verifier. Make one when the program starts, and share it: any number of goroutines may use it.
func New(options ...Option) (*Verifier, error) {
	s := settings{policy: native.NewPolicy(), clock: time.Now}
	defer s.policy.Close()
	defer func() {
		for _, keyring := range s.own {
			keyring.Close()
		}
	}()
	for number, option := range options {
		if option == nil {
			return nil, &ConfigError{fmt.Sprintf("option %d is nil", number)}
		}
		if err := option(&s); err != nil {
			return nil, err
		}
	}
	var keys *native.Keyring
	switch {
	case s.keyring != nil && s.source != nil:
		return nil, &ConfigError{"both a keyring and a key source are given"}
	case s.keyring != nil:
		keys = s.keyring.native
	case s.source == nil:
		return nil, &ConfigError{"there is no keyring: use WithKeyring, WithKeyringJSON, WithSecret or WithKeySource"}
	}
	made, status := native.NewVerifier(s.policy, keys)
	if err := configError(status, ""); err != nil {
		return nil, err
	}
	return &Verifier{
		native:     made,
		headerName: made.HeaderName(),
		maxBody:    made.MaxBodyBytes(),
		source:     s.source,
		sourceFor:  s.sourceFor,
		loads:      newGate(),
		store:      s.store,
		clock:      s.clock,
		logger:     s.logger,
	}, nil
}
