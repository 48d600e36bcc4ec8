// Package events has what webhooks say, as typed values: [Event] with what all kinds have in common, and a record for each kind.
package events

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"
)

// Event is what a webhook says. Switch on the type of Detail:
//
//	switch detail := event.Detail.(type) {
//	case *events.MessagesInbound:
//		...
//	case nil: // a kind that is not known: event.JSON has it all
//	}
//
// A text that was not sent is empty, a number, a record and a truth that was not sent is nil, and a time is the zero time.
type Event struct {
	// API is the vendor's API: "messages", "voice", "sms" and so on; "other".
	API string `json:"api"`

	// Kind is "answered", "inbound/whatsapp" and so on; "other" for one that is not known, "unreadable" for what is no JSON object.
	Kind string `json:"event"`

	// Signed says whether the signature covers it.
	Signed bool `json:"signed"`

	// ContentID names account and payload, whatever token came with it: 64 hexadecimal digits.
	ContentID string `json:"content_id"`

	// ID is the sender's id of the message, call leg, recording or request.
	ID string `json:"id"`

	// OccurredAt is when it happened.
	OccurredAt time.Time `json:"occurred_at"`

	// From is who the message or call is from.
	From string `json:"from"`

	// FromType is what kind of address From is.
	FromType string `json:"from_type"`

	// To is who the message or call is to.
	To string `json:"to"`

	// ToType is what kind of address To is.
	ToType string `json:"to_type"`

	// Status is what has become of the message, call or request.
	Status Status `json:"status"`

	// Channel is how the message came.
	Channel Channel `json:"channel"`

	// ClientRef is the customer's own reference.
	ClientRef string `json:"client_ref"`

	// Detail is the record of the kind; nil for "other" and "unreadable".
	Detail Detail `json:"-"`

	// Unknown is what no field holds, by its place as a JSON Pointer.
	Unknown map[string]json.RawMessage `json:"unknown"`

	// Duplicates are the places of names that stand more than once in one object. The last value counts.
	Duplicates []string `json:"duplicates"`

	// Damaged says that some text was no Unicode, and has U+FFFD where it was not.
	Damaged bool `json:"damaged"`

	// JSON is the event as JSON, the same in every language.
	JSON string `json:"-"`
}

var errForm = errors.New("hookproof: the event has a form that this package does not know")

// FromJSON is the event of the JSON that every language's event has ([Event.JSON]), for one that was kept. It is trusted: give it
// nothing that anybody could have written.
func FromJSON(text string) (*Event, error) {
	event := &Event{JSON: text}
	var kind struct {
		Record string          `json:"record"`
		Detail json.RawMessage `json:"detail"`
	}
	err := json.Unmarshal([]byte(text), event)
	if err == nil {
		err = json.Unmarshal([]byte(text), &kind)
	}
	if detail := newDetail(kind.Record); err == nil && detail != nil {
		decoder := json.NewDecoder(bytes.NewReader(kind.Detail))
		// What has no type of its own keeps the digits of its numbers.
		decoder.UseNumber()
		if err = decoder.Decode(detail); err == nil {
			event.Detail = detail
		}
	}
	if err != nil {
		return nil, errForm
	}
	return event, nil
}

// form is a form of JSON, by the letter it begins with ('0' for numbers), and where a value of it goes.
type form struct {
	first byte
	to    any
}

// oneOf reads a value of one of several forms. One of no known form is left out, as it is in Event.JSON.
func oneOf(text []byte, forms ...form) error {
	first := text[0]
	switch {
	case first == '-' || first >= '0' && first <= '9':
		first = '0'
	case first == 'f':
		first = 't'
	}
	for _, form := range forms {
		if form.first == first {
			return json.Unmarshal(text, form.to)
		}
	}
	return nil
}
