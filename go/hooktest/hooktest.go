// Package hooktest signs webhooks as Vonage does, so that an application's own tests need no account.
//
//	clock := hooktest.NewClock()
//	signer := hooktest.NewSigner("a1b2c3d4", "a secret of the test", hooktest.WithClock(clock))
//	verifier, _ := hookproof.New(hookproof.WithSecret("a1b2c3d4", "a secret of the test"), hookproof.WithClock(clock.Now))
//	request := signer.NewRequest("POST", "/webhooks", []byte(`{"text":"hello"}`))
package hooktest

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/hookproof/hookproof/go/internal/native"
)

// Clock is a clock that a test moves.
type Clock struct {
	mutex sync.Mutex
	now   time.Time
}

// NewClock makes a clock that stands at the present time.
func NewClock() *Clock { return &Clock{now: time.Now()} }

// Now is the time of the clock.
func (c *Clock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.now
}

// Advance lets so much time pass.
func (c *Clock) Advance(by time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = c.now.Add(by)
}

// Set sets the time.
func (c *Clock) Set(now time.Time) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = now
}

// Signer stands in for Vonage, for one account. Any number of goroutines may use it.
type Signer struct {
	native        *native.Signer
	mutex         sync.Mutex
	apiKey        string
	headerName    string
	applicationID string
	now           func() time.Time
}

// SignerOption is a setting of a signer.
type SignerOption func(*Signer)

// WithClock lets the signer share the test's clock.
func WithClock(clock *Clock) SignerOption {
	return func(s *Signer) { s.now = clock.Now }
}

// WithApplicationID sets the application of the tokens.
func WithApplicationID(id string) SignerOption {
	return func(s *Signer) { s.applicationID = id }
}

// WithHeaderName sets the header of NewRequest, "Authorization" otherwise.
func WithHeaderName(name string) SignerOption {
	return func(s *Signer) { s.headerName = name }
}

// NewSigner makes a signer. It panics where no signer can be made: a secret has 1 to 4096 bytes.
func NewSigner(apiKey, secret string, options ...SignerOption) *Signer {
	made := native.NewSigner(apiKey, []byte(secret))
	if made == nil {
		panic("hooktest: a secret has 1 to 4096 bytes")
	}
	s := &Signer{native: made, apiKey: apiKey, headerName: "Authorization", now: time.Now}
	for _, option := range options {
		option(s)
	}
	return s
}

// Claim changes a claim of one token.
type Claim struct {
	name  string
	value any
}

// With sets a claim: With("iat", 0).
func With(name string, value any) Claim { return Claim{name, value} }

// Without leaves a claim out.
func Without(name string) Claim { return Claim{name, nil} }

// Sign is the value of the header for a webhook with this body.
func (s *Signer) Sign(body []byte, claims ...Claim) string {
	return s.signed(claims, func() (string, int32) { return s.native.SignBody(body, 0, "j") })
}

// SignQuery is the value of the header for a GET with this raw query. It panics if the query has no one reading.
func (s *Signer) SignQuery(query string, claims ...Claim) string {
	return s.signed(claims, func() (string, int32) { return s.native.SignQuery(query, 0, "j") })
}

func (s *Signer) signed(changes []Claim, sign func() (string, int32)) string {
	s.mutex.Lock()
	header, status := sign()
	s.mutex.Unlock()
	if status != native.OK {
		panic("hooktest: " + native.StatusMessage(status))
	}
	// What the payload hashes to, from a token that signs it.
	text, err := base64.RawURLEncoding.DecodeString(strings.Split(header, ".")[1])
	var hashed struct {
		PayloadHash string `json:"payload_hash"`
	}
	if err == nil {
		err = json.Unmarshal(text, &hashed)
	}
	if err != nil {
		panic("hooktest: a token of the signer's own cannot be read")
	}
	claims := map[string]any{
		"iat":          s.now().Unix(),
		"jti":          newID(),
		"iss":          "Vonage",
		"payload_hash": hashed.PayloadHash,
		"api_key":      s.apiKey,
	}
	if s.applicationID != "" {
		claims["application_id"] = s.applicationID
	}
	for _, change := range changes {
		if change.value == nil {
			delete(claims, change.name)
		} else {
			claims[change.name] = change.value
		}
	}
	claimsJSON, err := json.Marshal(claims)
	if err != nil {
		panic("hooktest: a claim that JSON cannot have: " + err.Error())
	}
	return s.SignClaims(claimsJSON)
}

// SignClaims is the value of the header for a token with these bytes as its claims, whatever they are.
func (s *Signer) SignClaims(claims []byte) string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	header, status := s.native.SignClaims(claims)
	if status != native.OK {
		panic("hooktest: " + native.StatusMessage(status))
	}
	return header
}

// SignSMS signs the parameters of an SMS webhook in the SMS API's own way: the whole query or form. The method is md5hash, md5, sha1,
// sha256 or sha512. It panics if the parameters have no one reading.
func (s *Signer) SignSMS(method string, parameters url.Values) string {
	return s.signSMS(method, false, parameters)
}

// SignSMSJSON is SignSMS for a body of JSON.
func (s *Signer) SignSMSJSON(method string, parameters url.Values) string {
	return s.signSMS(method, true, parameters)
}

func (s *Signer) signSMS(method string, asJSON bool, parameters url.Values) string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	signed, status := s.native.SignSMS(method, asJSON, parameters.Encode(), s.now().Unix(), newID())
	if status != native.OK {
		panic("hooktest: " + native.StatusMessage(status))
	}
	return signed
}

// NewRequest is a signed request as a server gets it, for a handler under test: a GET signs the query of the target, every other method
// the body.
func (s *Signer) NewRequest(method, target string, body []byte, claims ...Claim) *http.Request {
	var from io.Reader
	if body != nil {
		from = bytes.NewReader(body)
	}
	request := httptest.NewRequest(method, target, from)
	s.SignRequest(request, body, claims...)
	return request
}

// SignRequest adds the signature of a body, or of a GET's query, to a request that is to be sent.
func (s *Signer) SignRequest(request *http.Request, body []byte, claims ...Claim) {
	if request.Method == http.MethodGet {
		request.Header.Set(s.headerName, s.SignQuery(request.URL.RawQuery, claims...))
		return
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(s.headerName, s.Sign(body, claims...))
}

// newID is a random id as the vendor's are.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
