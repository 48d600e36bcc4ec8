package native

import (
	"strings"
	"testing"
)

// A refusal has nothing that would have to be freed, also where its texts are longer than the room that Go lends.
func TestRefusalsLeaveNothing(t *testing.T) {
	const account = "a1b2c3d4"
	keyring, policy := NewKeyring(), NewPolicy()
	for _, letter := range "abcdefghijklmnop" {
		// Too short, which the detail says of each.
		if status, said := keyring.AddSecret(account, strings.Repeat(string(letter), 64), []byte{byte(letter)}, 0, 1<<40); status != OK {
			t.Fatal(status, said)
		}
	}
	verifier, status := NewVerifier(policy, keyring)
	if status != OK {
		t.Fatal(status)
	}
	header, status := NewSigner(account, []byte("another")).SignBody(nil, 1_700_000_000, "id")
	if status != OK {
		t.Fatal(status)
	}
	store, said := NewMemoryStore(1, ColdStartAllow, 0)
	if store == nil {
		t.Fatal(said)
	}
	request := Request{Method: "POST", Header: header, HeaderCount: 1, DeclaredLen: LengthUnknown, Now: 1_700_000_000, Store: store}
	for _, verb := range []Verb{Verify, Receive, Once, begin} {
		var answer Answer
		verifier.call(verb, &request, &answer)
		if StatusName(answer.Status) != "signature.invalid" || len(answer.Texts[Detail]) <= room || answer.HasResult() {
			t.Error(verb, StatusName(answer.Status), len(answer.Texts[Detail]), answer.HasResult())
		}
		verifier := &Verifier{}
		answer = Answer{}
		verifier.call(verb, &request, &answer)
		if answer.Status == OK || answer.HasResult() {
			t.Error(verb, answer.Status, answer.HasResult())
		}
	}
}
