package hookproof_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hookproof/hookproof/go"
	"github.com/hookproof/hookproof/go/events"
	"github.com/hookproof/hookproof/go/hooktest"
)

const (
	apiKey = "a1b2c3d4"
	secret = "the signature secret of the tests, 50 letters long"
)

var body = []byte(`{"channel":"sms","message_uuid":"aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab","to":"447700900000",` +
	`"from":"447700900001","timestamp":"2026-01-01T00:00:00Z","text":"Hello","message_type":"text"}`)

// stand is a verifier, and a signer whose secret it knows.
type stand struct {
	*hookproof.Verifier
	signer *hooktest.Signer
	clock  *hooktest.Clock
	store  *hookproof.Store
}

func newStand(t testing.TB, options ...hookproof.Option) stand {
	t.Helper()
	clock := hooktest.NewClock()
	store, err := hookproof.NewMemoryStore(1000)
	check(t, err)
	options = append([]hookproof.Option{
		hookproof.WithSecret(apiKey, secret), hookproof.WithClock(clock.Now), hookproof.WithStore(store),
	}, options...)
	verifier, err := hookproof.New(options...)
	check(t, err)
	t.Cleanup(func() {
		verifier.Close()
		store.Close()
	})
	return stand{verifier, hooktest.NewSigner(apiKey, secret, hooktest.WithClock(clock)), clock, store}
}

func (s stand) request(claims ...hooktest.Claim) hookproof.Request {
	return hookproof.Request{Method: "POST", Header: http.Header{"Authorization": {s.signer.Sign(body, claims...)}}, Body: body}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused checks that an error is a refusal for a reason, and that nothing secret stands in it.
func refused(t testing.TB, err error, reason hookproof.Reason) *hookproof.Error {
	t.Helper()
	var refusal *hookproof.Error
	if !errors.As(err, &refusal) || refusal.Reason != reason || !errors.Is(err, reason) {
		t.Fatalf("expected %v, got %v", reason, err)
	}
	if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "eyJ") {
		t.Fatal("an error says too much")
	}
	return refusal
}

func TestVerify(t *testing.T) {
	s := newStand(t)
	webhook, err := s.Verify(s.request(hooktest.With("jti", "the id"), hooktest.With("application_id", "an app")))
	check(t, err)
	if webhook.APIKey != apiKey || webhook.JTI != "the id" || webhook.ApplicationID != "an app" || webhook.KeyLabel != "key-1" ||
		webhook.PayloadForm != "body" || webhook.Replay != hookproof.ReplayNotChecked || webhook.KeyringGeneration != 1 ||
		!webhook.IssuedAt.Equal(s.clock.Now().Truncate(time.Second)) || webhook.Age != 0 || webhook.IsDuplicate() {
		t.Errorf("%+v", webhook)
	}
	if issuer, ok := webhook.Claim("iss"); !ok || issuer != "Vonage" {
		t.Error(issuer, ok)
	}
	if at, ok := webhook.ClaimInteger("iat"); !ok || at != webhook.IssuedAt.Unix() {
		t.Error(at, ok)
	}
	if _, ok := webhook.Claim("iat"); ok {
		t.Error("a number is no text")
	}
	if !strings.Contains(webhook.ClaimsJSON(), `"jti":"the id"`) || len(webhook.Query()) != 0 {
		t.Error(webhook.ClaimsJSON(), webhook.Query())
	}
	webhook.Close()
	webhook.Close()
	if webhook.ClaimsJSON() != "" || webhook.JTI != "the id" {
		t.Error("a closed webhook has its fields, and no more")
	}
	if _, err := webhook.Event(); err == nil {
		t.Error("a closed webhook has no event")
	}
}

func TestRefusals(t *testing.T) {
	s := newStand(t)
	good := s.request()
	tampered := s.request()
	tampered.Body = []byte(`{"text":"Hallo"}`)
	twice := s.request()
	twice.Header["authorization"] = twice.Header["Authorization"]
	large := s.request()
	large.Body = make([]byte, 1<<20+1)
	put := s.request()
	put.Method = "BREW"
	other := s.request()
	other.Header = http.Header{"Authorization": {hooktest.NewSigner(apiKey, "another secret").Sign(body)}}
	for name, test := range map[string]struct {
		request hookproof.Request
		reason  hookproof.Reason
		family  error
		status  int
	}{
		"nothing":         {hookproof.Request{Method: "POST", Body: body}, hookproof.ReasonHeaderMissing, hookproof.ErrHeader, 503},
		"two fields":      {twice, hookproof.ReasonHeaderDuplicated, hookproof.ErrHeader, 401},
		"another secret":  {other, hookproof.ReasonSignatureInvalid, hookproof.ErrSignature, 503},
		"tampered":        {tampered, hookproof.ReasonPayloadMismatch, hookproof.ErrPayload, 503},
		"too large":       {large, hookproof.ReasonPayloadTooLarge, hookproof.ErrPayload, 413},
		"old":             {s.request(hooktest.With("iat", s.clock.Now().Unix()-301)), hookproof.ReasonTimeStale, hookproof.ErrTime, 503},
		"no id":           {s.request(hooktest.Without("jti")), hookproof.ReasonClaimsMissing, hookproof.ErrClaims, 503},
		"another account": {good.ForAccount("other"), hookproof.ReasonKeyMismatch, hookproof.ErrKey, 503},
		"no account":      {good.ForAccount(""), hookproof.ReasonKeyMismatch, hookproof.ErrKey, 503},
		"method":          {put, hookproof.ReasonRequestUnsupported, hookproof.ErrRequest, 503},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.Verify(test.request)
			refusal := refused(t, err, test.reason)
			if !errors.Is(err, test.family) || errors.Is(err, hookproof.ErrReplay) {
				t.Error("the family is another one")
			}
			status, retryAfter := hookproof.HTTPStatus(err)
			if status != test.status || refusal.Retry != (status == 503) || (retryAfter > 0) != refusal.Retry {
				t.Error(status, retryAfter, refusal.Retry)
			}
			if refusal.Hint == "" || !strings.HasPrefix(refusal.Detail, test.reason.String()+": ") {
				t.Error(refusal.Hint, refusal.Detail)
			}
		})
	}
	_, err := s.Verify(s.request(hooktest.With("iat", s.clock.Now().Unix()-301)))
	if age, ok := refused(t, err, hookproof.ReasonTimeStale).Age(); !ok || age != 301*time.Second {
		t.Error(age, ok)
	}
	check(t, func() error { _, err := s.Verify(good.ForAccount(apiKey)); return err }())
	if status, retryAfter := hookproof.HTTPStatus(errors.New("the work failed")); status != 503 || retryAfter == 0 {
		t.Error(status)
	}
	if status, _ := hookproof.HTTPStatus(nil); status != 200 {
		t.Error(status)
	}
}

func TestUnknownReason(t *testing.T) {
	reason := hookproof.Reason(99_999)
	if reason.String() != "unknown" || reason.Message() == "" || reason.Hint() != "" {
		t.Error(reason.String(), reason.Message(), reason.Hint())
	}
}

func TestReceive(t *testing.T) {
	s := newStand(t)
	request := s.request()
	away := errors.New("the database is away")
	if err := s.Receive(request, func(*hookproof.Webhook) error { return away }); !errors.Is(err, away) {
		t.Fatal(err)
	}
	func() {
		defer func() {
			if recover() != "a panic" {
				t.Error("the panic did not go on")
			}
		}()
		_ = s.Receive(request, func(*hookproof.Webhook) error { panic("a panic") })
	}()
	check(t, s.Receive(request, func(webhook *hookproof.Webhook) error {
		if webhook.Replay != hookproof.ReplayClaimed || webhook.ReplayExtent != s.store.Extent() {
			t.Error(webhook.Replay, webhook.ReplayExtent)
		}
		err := s.Receive(request, func(*hookproof.Webhook) error { return nil })
		refused(t, err, hookproof.ReasonReplayInProgress)
		return nil
	}))
	called := false
	err := s.Receive(request, func(*hookproof.Webhook) error { called = true; return nil })
	refusal := refused(t, err, hookproof.ReasonReplayDuplicate)
	if called || refusal.HTTPStatus != 200 || refusal.Retry || !errors.Is(err, hookproof.ErrReplay) {
		t.Error(called, refusal)
	}
	request.Duplicates = hookproof.HandOnDuplicates
	check(t, s.Receive(request, func(webhook *hookproof.Webhook) error {
		if !webhook.IsDuplicate() {
			t.Error(webhook.Replay)
		}
		return nil
	}))
}

func TestClaim(t *testing.T) {
	s := newStand(t, hookproof.WithLease(30*time.Second))
	request := s.request()
	first, err := s.Claim(request)
	check(t, err)
	s.clock.Advance(31 * time.Second)
	second, err := s.Claim(request)
	check(t, err)
	if err := first.Confirm(); !errors.Is(err, hookproof.ErrNoEffect) {
		t.Error(err)
	}
	check(t, second.Confirm())
	check(t, second.Confirm())
	if err := second.Release(); !errors.Is(err, hookproof.ErrNoEffect) {
		t.Error(err)
	}
	once, err := s.VerifyOnce(s.request())
	check(t, err)
	if once.Replay != hookproof.ReplayRecorded {
		t.Error(once.Replay)
	}
}

func TestNoStore(t *testing.T) {
	verifier, err := hookproof.New(hookproof.WithSecret(apiKey, secret))
	check(t, err)
	work := func(*hookproof.Webhook) error { t.Error("it was worked on"); return nil }
	if err := verifier.Receive(hookproof.Request{}, work); !errors.Is(err, hookproof.ErrNoStore) {
		t.Error(err)
	}
}

func TestClosed(t *testing.T) {
	s := newStand(t)
	s.Verifier.Close()
	s.Verifier.Close()
	_, err := s.Verify(s.request())
	var call *hookproof.CallError
	if !errors.As(err, &call) {
		t.Error(err)
	}
	if status, _ := hookproof.HTTPStatus(err); status != 503 {
		t.Error(status)
	}
}

func TestStream(t *testing.T) {
	s := newStand(t)
	request := s.request()
	request.Body = nil
	pending, err := s.Begin(request)
	check(t, err)
	for _, piece := range [][]byte{body[:1], nil, body[1:]} {
		n, err := pending.Write(piece)
		check(t, err)
		if n != len(piece) {
			t.Error(n)
		}
	}
	webhook, err := pending.Finish()
	check(t, err)
	if _, err := webhook.Event(); err == nil {
		t.Error("the body was not kept")
	}
	event, err := webhook.ReadEvent(body)
	check(t, err)
	if event.Kind != "inbound/sms" {
		t.Error(event.Kind)
	}
	_, err = webhook.ReadEvent(body[1:])
	refused(t, err, hookproof.ReasonPayloadMismatch)
	if _, err := pending.Write(body); err == nil {
		t.Error("it was finished")
	}
	if _, err := pending.Claim(); err == nil {
		t.Error("it was finished")
	}

	request.ContentLength = 1<<20 + 1
	_, err = s.Begin(request)
	refused(t, err, hookproof.ReasonPayloadTooLarge)

	request.ContentLength = 0
	pending, err = s.Begin(request)
	check(t, err)
	_, err = pending.Write(make([]byte, 1<<20+1))
	refused(t, err, hookproof.ReasonPayloadTooLarge)
	_, err = pending.Finish()
	refused(t, err, hookproof.ReasonPayloadTooLarge)

	pending, err = s.Begin(request)
	check(t, err)
	s.clock.Advance(301 * time.Second)
	_, err = pending.Write(body)
	check(t, err)
	refused(t, pending.Receive(func(*hookproof.Webhook) error { return nil }), hookproof.ReasonTimeStale)
	pending.Close()
}

func TestEvents(t *testing.T) {
	s := newStand(t)
	webhook, err := s.Verify(s.request())
	check(t, err)
	event, err := webhook.Event()
	check(t, err)
	switch detail := event.Detail.(type) {
	case *events.MessagesInbound:
		if detail.Text != "Hello" || event.From != "447700900001" || !event.Signed || event.Channel != events.ChannelSMS {
			t.Errorf("%+v", event)
		}
	default:
		t.Errorf("%T", detail)
	}
	if again, _ := webhook.Event(); again != event {
		t.Error("it was read twice")
	}
	kept, err := events.FromJSON(event.JSON)
	check(t, err)
	if kept.ContentID != event.ContentID {
		t.Error(kept.ContentID)
	}
	webhook.Body[0] ^= 1
	defer func() { webhook.Body[0] ^= 1 }()
	_, err = webhook.ReadEvent(webhook.Body)
	refused(t, err, hookproof.ReasonPayloadMismatch)
}

func TestUnsigned(t *testing.T) {
	event, err := hookproof.ParseUnsigned(hookproof.CarrierForm, []byte("msisdn=447700900321&to=447700900555&messageId=0C00&text=Hi&type=text"))
	check(t, err)
	if detail, ok := event.Detail.(*events.SmsInbound); !ok || detail.Text != "Hi" || event.Signed {
		t.Errorf("%+v", event)
	}
	event, err = hookproof.ParseUnsigned(hookproof.CarrierJSON, []byte("no JSON"))
	check(t, err)
	if event.Kind != "unreadable" || event.Detail != nil {
		t.Errorf("%+v", event)
	}
	if _, err := hookproof.ParseUnsigned(99, nil); err == nil {
		t.Error("there is no such carrier")
	}
}

func TestSMS(t *testing.T) {
	s := newStand(t, hookproof.WithProfile(hookproof.SMSSHA256))
	signed := s.signer.SignSMS("sha256", map[string][]string{"api-key": {apiKey}, "text": {"Hi"}, "msisdn": {"447700900321"}})
	webhook, err := s.Verify(hookproof.Request{Method: "GET", Query: signed})
	check(t, err)
	if text, ok := webhook.QueryValue("text"); !ok || text != "Hi" || webhook.APIKey != apiKey {
		t.Error(text, ok, webhook.APIKey)
	}
	_, err = s.Verify(hookproof.Request{Method: "GET", Query: strings.Replace(signed, "text=Hi", "text=Ho", 1)})
	refused(t, err, hookproof.ReasonSMSSignatureInvalid)
	json := []byte(s.signer.SignSMSJSON("sha256", map[string][]string{"api-key": {apiKey}, "text": {"Hi"}}))
	_, err = s.Verify(hookproof.Request{Method: "POST", Body: json})
	check(t, err)
}

func TestGet(t *testing.T) {
	s := newStand(t)
	query := "to=447700900000&from=447700900001&conversation_uuid=CON-1&uuid=u"
	request := hookproof.Request{Method: "GET", Query: query, Header: http.Header{"authorization": {s.signer.SignQuery(query)}}}
	webhook, err := s.Verify(request)
	check(t, err)
	if to, ok := webhook.QueryValue("to"); !ok || to != "447700900000" || webhook.PayloadForm != "query" || len(webhook.Query()) != 4 {
		t.Error(webhook.Query())
	}
	event, err := webhook.Event()
	check(t, err)
	if _, ok := event.Detail.(*events.VoiceAnswer); !ok {
		t.Errorf("%T", event.Detail)
	}
}

func TestReplaceKeyring(t *testing.T) {
	s := newStand(t)
	keyring := hookproof.NewKeyring()
	defer keyring.Close()
	if err := s.ReplaceKeyring(keyring); err == nil {
		t.Error("an empty keyring was taken")
	}
	_, err := s.Verify(s.request())
	check(t, err)
	check(t, keyring.Add(apiKey, hookproof.Secret{Value: []byte("a new one\n")}))
	if lints := keyring.Lints(); len(lints) == 0 || keyring.Len() != 1 || strings.Contains(lints[0], "a new one") {
		t.Error(lints)
	}
	check(t, s.ReplaceKeyring(keyring))
	if s.KeyringGeneration() != 2 {
		t.Error(s.KeyringGeneration())
	}
	_, err = s.Verify(s.request())
	refused(t, err, hookproof.ReasonSignatureInvalid)
}

func TestDatedSecret(t *testing.T) {
	s := newStand(t)
	keyring := hookproof.NewKeyring()
	check(t, keyring.Add(apiKey, hookproof.Secret{Label: "old", Value: []byte(secret), NotAfter: s.clock.Now().Add(-time.Hour)}))
	check(t, keyring.AddApplication(apiKey, "an app"))
	request := s.request(hooktest.With("application_id", "an app"))
	request.Keyring = keyring
	_, err := s.Verify(request)
	if refusal := refused(t, err, hookproof.ReasonKeyInactive); refusal.KeyLabel != "old" {
		t.Error(refusal.KeyLabel)
	}
}

func TestConfiguration(t *testing.T) {
	given := hookproof.NewKeyring()
	check(t, given.Add("k", hookproof.Secret{Value: []byte("s")}))
	for name, options := range map[string][]hookproof.Option{
		"nothing":          nil,
		"nil":              {nil},
		"an empty secret":  {hookproof.WithSecret(apiKey, "")},
		"a broken keyring": {hookproof.WithKeyringJSON([]byte("{"))},
		"two keyrings":     {hookproof.WithKeyring(given), hookproof.WithKeyring(given)},
		"a secret beside":  {hookproof.WithKeyring(given), hookproof.WithSecret("a", "b")},
		"half a second":    {hookproof.WithKeyring(given), hookproof.WithMaxAge(500 * time.Millisecond)},
		"a negative age":   {hookproof.WithKeyring(given), hookproof.WithMaxAge(-time.Second)},
		"a month":          {hookproof.WithKeyring(given), hookproof.WithMaxAge(30 * 24 * time.Hour)},
		"an odd status":    {hookproof.WithKeyring(given), hookproof.WithRetryStatus(418)},
		"a profile":        {hookproof.WithKeyring(given), hookproof.WithProfile("fax")},
		"a network":        {hookproof.WithKeyring(given), hookproof.WithNetworks("here")},
		"no store":         {hookproof.WithKeyring(given), hookproof.WithStore(nil)},
		"keyring and source": {hookproof.WithKeyring(given), hookproof.WithKeySource(hookproof.KeySourceFunc(
			func(context.Context, string) (*hookproof.Keyring, error) { return nil, nil }), time.Second)},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := hookproof.New(options...)
			var config *hookproof.ConfigError
			if !errors.As(err, &config) || config.Message == "" {
				t.Error(err)
			}
			var refusal *hookproof.Error
			if errors.As(err, &refusal) {
				t.Error("a configuration error is no refusal")
			}
		})
	}
	verifier, err := hookproof.New(
		hookproof.WithKeyring(given), hookproof.WithProfile(hookproof.ContactCenter), hookproof.WithMaxBodyBytes(10),
		hookproof.WithMaxAge(hookproof.RetryWindow), hookproof.WithLeeway(0), hookproof.WithConventionalAdvice(), hookproof.WithRetryStatus(429),
		hookproof.WithPublishedNetworks(), hookproof.WithNetworks("192.0.2.0/24"), hookproof.WithBodyMethods("DELETE"),
		hookproof.WithPayloadForms("query_null"), hookproof.WithOwnQueries("token=x"), hookproof.WithMaxHeaderBytes(1000),
		hookproof.WithExpectedIssuer("Somebody"),
	)
	check(t, err)
	if verifier.HeaderName() != "Vonage-Signature" || verifier.MaxBodyBytes() != 10 || verifier.SourceHint("192.0.2.7:443") != "added" ||
		verifier.SourceHint("192.0.3.7") != "elsewhere" {
		t.Error(verifier.HeaderName(), verifier.MaxBodyBytes(), verifier.SourceHint("192.0.2.7"))
	}
	if text := (hookproof.Secret{Label: "old", Value: []byte("hush")}).GoString(); strings.Contains(text, "hush") {
		t.Error(text)
	}
}

func TestKeySource(t *testing.T) {
	clock := hooktest.NewClock()
	down := errors.New("the database is away")
	var calls atomic.Int64
	type key struct{}
	source := hookproof.KeySourceFunc(func(ctx context.Context, account string) (*hookproof.Keyring, error) {
		calls.Add(1)
		switch account {
		case apiKey:
			if ctx.Value(key{}) != "here" {
				t.Error("the context is another one")
			}
			keyring := hookproof.NewKeyring()
			return keyring, keyring.Add(account, hookproof.Secret{Value: []byte(secret)})
		case "away":
			return nil, down
		case "slow":
			// It does not even look at its context.
			time.Sleep(100 * time.Millisecond)
			return nil, nil
		case "panics":
			panic("a bug of the application")
		}
		return nil, nil
	})
	verifier, err := hookproof.New(hookproof.WithKeySource(source, 20*time.Millisecond), hookproof.WithClock(clock.Now))
	check(t, err)
	verify := func(account string) error {
		signer := hooktest.NewSigner(account, secret, hooktest.WithClock(clock))
		_, err := verifier.Verify(hookproof.Request{
			Method: "POST", Context: context.WithValue(t.Context(), key{}, "here"), Header: http.Header{"Authorization": {signer.Sign(body)}}, Body: body,
		})
		return err
	}
	check(t, verify(apiKey))
	refused(t, verify("nobody"), hookproof.ReasonKeyUnknown)
	refused(t, verify("slow"), hookproof.ReasonKeyUnavailable)
	err = verify("away")
	refused(t, err, hookproof.ReasonKeyUnavailable)
	if !errors.Is(err, down) || strings.Contains(err.Error(), "database") {
		t.Error(err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = verify("panics")
	}()
	before := calls.Load()
	_, err = verifier.Verify(hookproof.Request{Method: "POST", Body: body})
	refused(t, err, hookproof.ReasonHeaderMissing)
	if calls.Load() != before {
		t.Error("a request without a token asked for keys")
	}
	account, err := verifier.UntrustedAccount(hookproof.Request{Method: "POST", Header: http.Header{"Authorization": {hooktest.NewSigner("x", "y").Sign(body)}}})
	check(t, err)
	if account != "x" {
		t.Error(account)
	}
}

// Many goroutines share one verifier while its keyring is replaced, and while it is closed at last.
func TestSharing(t *testing.T) {
	s := newStand(t)
	keyring := hookproof.NewKeyring()
	check(t, keyring.Add(apiKey, hookproof.Secret{Value: []byte(secret)}))
	requests := make([]hookproof.Request, 8)
	for i := range requests {
		requests[i] = s.request()
	}
	var accepted atomic.Int64
	var group sync.WaitGroup
	for i := range 16 {
		group.Add(1)
		go func() {
			defer group.Done()
			for range 100 {
				if _, err := s.Verify(requests[i%8]); err != nil {
					var call *hookproof.CallError
					if !errors.As(err, &call) {
						t.Error(err)
					}
				}
				if i == 0 {
					check(t, s.ReplaceKeyring(keyring))
				}
				if err := s.Receive(requests[i%8], func(*hookproof.Webhook) error { accepted.Add(1); return nil }); err != nil &&
					!errors.Is(err, hookproof.ErrReplay) {
					t.Error(err)
				}
			}
		}()
	}
	group.Wait()
	if accepted.Load() != 8 {
		t.Error(accepted.Load())
	}
	for i := range 4 {
		group.Add(1)
		go func() {
			defer group.Done()
			for range 100 {
				_, err := s.Verify(requests[i])
				var call *hookproof.CallError
				if err != nil && !errors.As(err, &call) {
					t.Error(err)
				}
			}
		}()
	}
	s.Verifier.Close()
	group.Wait()
}
