package main

import (
	"math"
	"slices"

	"github.com/hookproof/hookproof/go"
	"github.com/hookproof/hookproof/go/hooktest"
)

// floodAccount is that of the requests that floods are made of.
const floodAccount = "a1b2c3d4"

var replayConfig = []string{
	"leeway", "max_age", "lease", "capacity", "store", "store_down", "cold_start", "expected_application_id",
}

// sequence is one, with what it is played on.
type sequence struct {
	id          string
	options     []hookproof.Option
	inMemory    bool
	capacity    uint64
	refusesCold bool
	requests    map[string]*request
	signer      *hooktest.Signer
	steps       []entry
	applicable  bool
}

var stepMembers = map[string][]string{
	"verify":      {"request", "now", "expect", "codes", "reason", "process"},
	"confirm":     {"step", "now", "expect"},
	"release":     {"step", "now", "expect"},
	"flood":       {"now", "iat", "prefix", "count"},
	"flood_again": {"now", "iat", "prefix", "count", "expect_accepts"},
	"store":       {"state"},
	"restart":     {"now"},
	"concurrent":  {"request", "now", "count", "processes", "expect_accepts"},
}

func replay(file, value entry) finding {
	e := entry{value.text("id"), value.value}
	s := readSequence(file, e)
	if !s.applicable {
		return inapplicable(e.id)
	}
	found := play(s)
	// Two sound verifiers may differ on a disputed case, but one must not differ with itself.
	if e.optional("debatable") == true && found.expected != differsWithItself {
		found.judgement, found.expected = disputed, ""
	}
	return found
}

func readSequence(file, e entry) *sequence {
	c := config{e, e.with(file.member("default_config")).members(), e.object("config").members()}
	for _, members := range []map[string]any{c.defaults, c.own} {
		e.with(members).only(replayConfig...)
	}
	s := &sequence{id: e.id, applicable: true, requests: map[string]*request{}}
	s.inMemory = c.choice("store", "memory", "file", "shared") == "memory"
	s.refusesCold = c.choice("cold_start", "allow", "refuse") == "refuse"
	if s.inMemory {
		s.capacity = uint64(c.number("capacity"))
	} else if _, ok := c.own["capacity"]; ok {
		// The room of a file is that of the disk.
		s.applicable = false
	}

	// The file's keyring, unless the sequence has one of its own.
	keys := e
	if e.optional("keyring") == nil {
		keys = e.with(file.value)
	}
	applicationID := c.text("expected_application_id")
	ring, taken := keys.keyring(applicationID)
	if !taken {
		e.fault("the keyring is refused")
	}
	s.options = []hookproof.Option{
		hookproof.WithKeyring(ring),
		seconds(c.number("leeway"), hookproof.WithLeeway),
		seconds(c.number("max_age"), hookproof.WithMaxAge),
		seconds(c.number("lease"), hookproof.WithLease),
	}
	if c.choice("store_down", "refuse", "accept_and_flag") == "accept_and_flag" {
		s.options = append(s.options, hookproof.DangerouslyAcceptAndFlagStoreFailures())
	}
	secrets, _ := keys.object("keyring").members()[floodAccount].([]any)
	if len(secrets) == 0 {
		e.fault("the keyring has no secret of %s", floodAccount)
	}
	var signs []hooktest.SignerOption
	if applicationID != nil {
		signs = append(signs, hooktest.WithApplicationID(*applicationID))
	}
	s.signer = hooktest.NewSigner(floodAccount, string(e.secret(secrets[0])), signs...)

	for name, value := range e.object("requests").members() {
		r := e.with(value).only("authorization", "body")
		s.requests[name] = &request{
			method: "POST", fields: r.authorization(), body: r.base64(r.parts(r.member("body"), "body"), "body"),
		}
	}
	for _, value := range e.list("steps") {
		s.steps = append(s.steps, e.with(value))
	}
	hasFlood := false
	for number, step := range s.steps {
		what := step.text("do")
		if what == "fork" {
			// A program of several threads does not fork and go on.
			s.applicable = false
			continue
		}
		members, ok := stepMembers[what]
		if !ok {
			step.fault("step %s is not known", what)
		}
		step.only(append([]string{"do", "why"}, members...)...)
		for _, count := range []string{"step", "count", "expect_accepts", "process", "processes"} {
			step.optionalCount(count, 0)
		}
		if now := step.optional("now"); now != nil {
			step.asInteger(now, "now")
		}
		switch what {
		case "verify":
			s.request(step)
			step.expectation("codes")
		case "confirm", "release":
			if of := step.count("step"); of >= number || s.steps[of].optional("do") != "verify" {
				step.fault("step %d claims nothing", of)
			}
			if !slices.Contains([]string{"", "done", "no_effect", "error"}, step.optionalText("expect", "")) {
				step.fault("expect is not known")
			}
		case "flood":
			s.flood(step)
			hasFlood = true
		case "flood_again":
			step.count("expect_accepts")
			if !hasFlood || step.optional("prefix") != nil {
				s.flood(step)
			}
		case "concurrent":
			s.request(step)
			step.count("count")
			step.count("expect_accepts")
		case "store":
			if state := step.text("state"); state != "up" && state != "down" {
				step.fault("state %s is not known", state)
			}
			// A memory store cannot be switched off.
			s.applicable = s.applicable && !s.inMemory
		}
	}
	return s
}

func (c config) number(name string) int64 {
	value := c.get(name)
	if value == nil {
		c.entry.fault("%s is missing", name)
	}
	number := c.entry.asInteger(value, name)
	if number < 0 || number > math.MaxUint32 {
		c.entry.fault("%s is out of range", name)
	}
	return number
}

func (c config) choice(name string, words ...string) string {
	text := c.text(name)
	if text == nil || !slices.Contains(words, *text) {
		c.entry.fault("%s is missing, or not known", name)
	}
	return *text
}

func (s *sequence) request(step entry) *request {
	r, ok := s.requests[step.text("request")]
	if !ok {
		step.fault("there is no request %s", step.text("request"))
	}
	return r
}

// flood are requests that differ in their id alone: a prefix and six digits.
type flood struct {
	prefix   string
	issuedAt int64
	count    int
}

func (s *sequence) flood(step entry) flood {
	return flood{step.text("prefix"), step.integer("iat"), step.count("count")}
}
