package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/hookproof/hookproof/go"
)

// placeholder is the account of what names none.
const placeholder = "vendor"

func vendor(index int, value any) finding {
	e := entry{fmt.Sprintf("vendor-%d", index), value}
	inputs := e.object("inputs")
	// Whether blank values are part of what is signed, libraries of the vendor's own disagree.
	isBlank := false
	parameters, _ := inputs.optional("params").(map[string]any)
	for _, value := range parameters {
		text, ok := value.(string)
		isBlank = isBlank || ok && strings.TrimSpace(text) == ""
	}
	var t *trial
	var expected expectation
	switch e.text("kind") {
	case "jwt":
		t, expected = tokenOf(e, inputs)
	case "sms-sig":
		t, expected = smsOf(e, inputs)
	default:
		e.fault("the kind is not known")
	}
	return judge(e.id, t, expected, isBlank)
}

// expectedOf is what must come out; a verifier with an empty secret must not come to be, whatever the request is.
func expectedOf(secret string, good bool) expectation {
	if secret == "" {
		return expectation{reason: "config_error"}
	}
	return expectation{signature: &good}
}

func smsOf(e, inputs entry) (*trial, expectation) {
	if inputs.optional("secret") == nil {
		return nil, expectation{} // never published
	}
	secret := inputs.text("secret")
	form := url.Values{}
	for name, value := range inputs.object("params").members() {
		form.Set(name, inputs.asText(value, "a parameter"))
	}
	now, err := strconv.ParseInt(form.Get("timestamp"), 10, 64)
	if err != nil {
		now = 0 // it is refused whatever the time is
	}
	form.Add("sig", inputs.text("sig"))
	t := &trial{
		request: request{method: "POST", route: placeholder, body: []byte(form.Encode())},
		now:     now,
		options: []hookproof.Option{
			inputs.profile("sms_" + inputs.text("method")), hookproof.DangerouslyAllowMissingNonce(),
		},
	}
	t.addKey(placeholder, []byte(secret))
	return t, expectedOf(secret, e.truth(e.object("recomputed").member("verdict"), "verdict"))
}

func (t *trial) addKey(account string, secret []byte) {
	ring := hookproof.NewKeyring()
	if ring.Add(account, hookproof.Secret{Label: "vendor", Value: secret}) != nil {
		t.misconfigured = true
	}
	t.options = append(t.options, hookproof.WithKeyring(ring))
}

func tokenOf(e, inputs entry) (*trial, expectation) {
	token, secret := inputs.text("token"), inputs.text("secret")
	claims := claimsOf(token)
	named, isNamed := claims["api_key"].(string)
	// A token whose claims name no account has its secret chosen by route.
	profile := hookproof.Standard
	switch {
	case inputs.optional("header") != nil:
		profile = hookproof.ContactCenter
	case claims != nil && !isNamed:
		profile = hookproof.Video
	}
	account := placeholder
	if isNamed && profile == hookproof.Standard {
		account = named
	}
	raw := []byte(secret)
	switch inputs.optional("secret_encoding") {
	case nil:
	case "base64":
		raw = inputs.base64(secret, "secret")
	default:
		inputs.fault("the encoding of the secret is not known")
	}
	now, _ := claims["iat"].(json.Number)
	if given := inputs.optional("now"); given != nil {
		now, _ = given.(json.Number)
	}
	at, _ := now.Int64()
	t := &trial{
		request: request{
			method: inputs.optionalText("method", "POST"),
			fields: []string{inputs.latin1("Bearer " + token)},
			query:  inputs.latin1(inputs.optionalText("query", "")),
			route:  placeholder,
			body:   []byte(inputs.optionalText("body", "")),
		},
		now:     at,
		options: []hookproof.Option{hookproof.WithProfile(profile)},
	}
	t.addKey(account, raw)
	good := e.truth(e.object("recomputed").member("hs256_signature_ok"), "hs256_signature_ok")
	return t, expectedOf(secret, good)
}

// claimsOf are the claims of a token of three parts as they stand; nil when there are none to read.
func claimsOf(token string) map[string]any {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil
	}
	text, err := base64.RawURLEncoding.Strict().DecodeString(parts[1])
	if err != nil {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var claims map[string]any
	if decoder.Decode(&claims) != nil {
		return nil
	}
	return claims
}
