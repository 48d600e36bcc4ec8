package main

import (
	"math"
	"slices"
	"time"

	"github.com/hookproof/hookproof/go"
)

var attackOptions = []string{
	"leeway", "max_age", "expected_issuer", "expected_application_id", "require_payload_hash", "max_header_bytes", "seen",
}

// config are a case's own settings over the file's.
type config struct {
	entry         entry
	defaults, own map[string]any
}

func (c config) check(names []string) {
	for _, members := range []map[string]any{c.defaults, c.own} {
		for name := range members {
			if !slices.Contains(names, name) {
				c.entry.fault("an option is not known")
			}
		}
	}
}

func (c config) get(name string) any {
	if value, ok := c.own[name]; ok {
		return value
	}
	return c.defaults[name]
}

func (c config) text(name string) *string {
	value := c.get(name)
	if value == nil {
		return nil
	}
	text := c.entry.asText(value, name)
	return &text
}

// seconds makes a setting an option; nil if the setting cannot be that number.
func seconds(number int64, option func(time.Duration) hookproof.Option) hookproof.Option {
	if number < 0 || number > math.MaxUint32 {
		return nil
	}
	return option(time.Duration(number) * time.Second)
}

func attack(file, value entry) finding {
	e := entry{value.text("id"), value.value}
	defaults, _ := file.optional("default_options").(map[string]any)
	own, _ := e.optional("options").(map[string]any)
	options := config{e, defaults, own}
	options.check(attackOptions)

	t := &trial{now: nowOf(e, file)}
	t.request = request{
		method: e.latin1(e.optionalText("method", "POST")),
		query:  e.latin1(e.optionalText("query", "")),
		fields: e.authorization(),
		body:   e.base64(e.parts(e.member("body"), "body"), "body"),
	}
	for apiKey := range e.object("keyring").members() {
		if t.request.route == "" || apiKey < t.request.route {
			t.request.route = apiKey
		}
	}
	ring, taken := e.keyring(options.text("expected_application_id"))
	t.options = append(t.options, hookproof.WithKeyring(ring),
		e.profile(e.optionalText("profile", "standard")))
	add := func(option hookproof.Option) {
		taken = taken && option != nil
		t.options = append(t.options, option)
	}
	if value := options.get("leeway"); value != nil {
		add(seconds(e.asInteger(value, "leeway"), hookproof.WithLeeway))
	}
	if value := options.get("max_age"); value != nil {
		add(seconds(e.asInteger(value, "max_age"), hookproof.WithMaxAge))
	}
	if value := options.get("max_header_bytes"); value != nil {
		if bytes := e.asInteger(value, "max_header_bytes"); bytes >= 0 {
			add(hookproof.WithMaxHeaderBytes(uint64(bytes)))
		} else {
			add(nil)
		}
	}
	if issuer := options.text("expected_issuer"); issuer != nil {
		add(hookproof.WithExpectedIssuer(*issuer))
	}
	if value := options.get("require_payload_hash"); value != nil && !e.truth(value, "require_payload_hash") {
		add(hookproof.DangerouslyAllowMissingPayloadHash())
	}
	if seen := options.get("seen"); seen != nil {
		list, ok := seen.([]any)
		if !ok {
			e.fault("seen is not a list")
		}
		for _, identity := range list {
			identity := e.with(identity)
			t.seen = append(t.seen, [2]string{identity.text("api_key"), identity.text("jti")})
		}
	}
	t.misconfigured = !taken
	return judge(e.id, t, e.expectation("acceptable_codes"), e.optional("debatable") == true)
}

// profile sets the profile, which must be one.
func (e entry) profile(name string) hookproof.Option {
	option := hookproof.WithProfile(hookproof.Profile(name))
	verifier, err := hookproof.New(hookproof.WithSecret("a", "b"), option)
	if err != nil {
		e.fault("the profile is not known")
	}
	verifier.Close()
	return option
}

// nowOf is the time of the case, or that of the file.
func nowOf(e, file entry) int64 {
	if now := e.optional("now"); now != nil {
		return e.asInteger(now, "now")
	}
	return file.integer("now")
}
