package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
)

// standard is what a careful programmer writes on Go's own library: the algorithm is pinned, comparisons take constant time, and the age is
// judged. It does not see a name that stands twice, extensions, or what else the core refuses.
type standard struct {
	secrets map[string][]byte
	coding  *base64.Encoding
}

func newStandard() *standard {
	return &standard{newPeer().secrets, base64.RawURLEncoding.Strict()}
}

func (s *standard) verify(r request) error {
	fields := r.header["Authorization"]
	if len(fields) != 1 || len(fields[0]) > 8192 {
		return errRefused
	}
	token, ok := strings.CutPrefix(fields[0], "Bearer ")
	if !ok {
		return errRefused
	}
	last := strings.LastIndexByte(token, '.')
	if last < 0 {
		return errRefused
	}
	first, second, ok := strings.Cut(token[:last], ".")
	if !ok || strings.Contains(second, ".") {
		return errRefused
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	if err := s.read(first, &header); err != nil || header.Algorithm != "HS256" {
		return errRefused
	}
	var found claims
	if err := s.read(second, &found); err != nil {
		return err
	}
	secret, ok := s.secrets[found.APIKey]
	if !ok {
		return errRefused
	}
	signature, err := s.coding.DecodeString(token[last+1:])
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(token[:last]))
	if !hmac.Equal(mac.Sum(nil), signature) {
		return errRefused
	}
	if found.Issuer != "Vonage" || found.JTI == "" || found.IssuedAt < now-300 || found.IssuedAt > now+60 {
		return errRefused
	}
	hash, err := hex.DecodeString(found.PayloadHash)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(r.body)
	if subtle.ConstantTimeCompare(sum[:], hash) != 1 {
		return errRefused
	}
	return nil
}

func (s *standard) read(part string, into any) error {
	text, err := s.coding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}
