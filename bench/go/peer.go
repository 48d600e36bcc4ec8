package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

var errRefused = errors.New("refused")

// peer is what a program does that takes a general library for tokens and hashes the body itself. It judges no age.
type peer struct {
	secrets map[string][]byte
	parser  *jwt.Parser
}

type claims struct {
	IssuedAt      int64  `json:"iat"`
	JTI           string `json:"jti"`
	Issuer        string `json:"iss"`
	PayloadHash   string `json:"payload_hash"`
	APIKey        string `json:"api_key"`
	ApplicationID string `json:"application_id"`
}

func (c *claims) GetExpirationTime() (*jwt.NumericDate, error) { return nil, nil }
func (c *claims) GetIssuedAt() (*jwt.NumericDate, error)       { return nil, nil }
func (c *claims) GetNotBefore() (*jwt.NumericDate, error)      { return nil, nil }
func (c *claims) GetIssuer() (string, error)                   { return c.Issuer, nil }
func (c *claims) GetSubject() (string, error)                  { return "", nil }
func (c *claims) GetAudience() (jwt.ClaimStrings, error)       { return nil, nil }

func newPeer() *peer {
	p := &peer{secrets: map[string][]byte{}, parser: jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithIssuer("Vonage"))}
	for account, secret := range secrets() {
		p.secrets[account] = []byte(secret)
	}
	return p
}

func (p *peer) verify(r request) error {
	token, ok := strings.CutPrefix(r.header.Get("Authorization"), "Bearer ")
	if !ok {
		return errRefused
	}
	var found claims
	if _, err := p.parser.ParseWithClaims(token, &found, func(*jwt.Token) (any, error) { return p.secrets[found.APIKey], nil }); err != nil {
		return err
	}
	sum := sha256.Sum256(r.body)
	if subtle.ConstantTimeCompare([]byte(hex.EncodeToString(sum[:])), []byte(found.PayloadHash)) != 1 {
		return errRefused
	}
	return nil
}
