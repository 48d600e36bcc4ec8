package main

import (
	"strings"

	"github.com/hookproof/hookproof/go"
	"github.com/hookproof/hookproof/go/events"
)

func payload(file entry) finding {
	id := file.text("api") + " " + file.text("event")
	e := entry{id, file.value}
	body, query := []byte(e.optionalText("wire_body", "")), e.optionalText("wire_query", "")
	var event *events.Event
	var err error
	signature := e.optional("sample_signature")
	if signature == nil {
		carrier, from := hookproof.CarrierJSON, body
		switch {
		case e.text("method") == "GET":
			carrier, from = hookproof.CarrierQuery, []byte(query)
		case strings.Contains(e.optionalText("content_type", ""), "form-urlencoded"):
			carrier = hookproof.CarrierForm
		}
		event, err = hookproof.ParseUnsigned(carrier, from)
	} else {
		signed := e.with(signature)
		claims := signed.object("claims")
		verifier, newErr := hookproof.New(hookproof.WithSecret(claims.text("api_key"), signed.text("secret")))
		must(newErr)
		defer verifier.Close()
		webhook, refusal := verifier.Verify(hookproof.Request{
			Method: e.text("method"), Query: query, Body: body, Now: moment(claims.integer("iat")),
			Header: map[string][]string{"Authorization": {signed.text("authorization")}},
		})
		if refusal != nil {
			reason := answerOf(refusal).reason
			return finding{id: id, verdict: "reject", reason: reason, judgement: failed, expected: "accept", got: reason}
		}
		event, err = webhook.Event()
	}
	if err != nil {
		return finding{id: id, verdict: "accept", judgement: failed, expected: "an event", got: err.Error()}
	}
	found := finding{id: id, verdict: "accept", event: event.JSON}
	// One that is known has its record.
	hasRecord := (event.Detail != nil) == (event.Kind != "other" && event.Kind != "unreadable")
	if event.API != e.text("api") || event.Kind != e.text("event") || event.Signed != (signature != nil) || !hasRecord {
		found.judgement, found.expected, found.got = failed, id, event.API+" "+event.Kind
	}
	return found
}
