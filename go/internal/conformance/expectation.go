package main

import (
	"fmt"
	"slices"
	"strings"
)

// expectation is what must come out.
type expectation struct {
	accept bool
	words  []string
	reason string
	// Instead of all that: whether the signature holds.
	signature *bool
}

func (e entry) expectation(list string) expectation {
	reason := e.optionalText("reason", "")
	var words []string
	for _, word := range e.list(list) {
		words = append(words, e.asText(word, list))
	}
	switch e.text("expect") {
	case "accept":
		if reason != "" {
			e.fault("a case to accept has a reason")
		}
		return expectation{accept: true}
	case "reject":
		return expectation{words: words, reason: reason}
	}
	e.fault("expect is neither accept nor reject")
	return expectation{}
}

func (x expectation) holds(a answer) bool {
	if x.signature != nil {
		return *x.signature == a.isPastSignature()
	}
	if x.accept {
		return a.reason == ""
	}
	return a.reason != "" && (x.reason == "" || x.reason == a.reason) &&
		(len(x.words) == 0 || slices.ContainsFunc(x.words, func(word string) bool { return names(word, a.reason) }))
}

func (x expectation) String() string {
	switch {
	case x.signature != nil:
		return fmt.Sprintf("signature_ok %v", *x.signature)
	case x.accept:
		return "accept"
	}
	text := "reject"
	if len(x.words) > 0 {
		text += " " + strings.Join(x.words, "|")
	}
	if x.reason != "" {
		text += " (" + x.reason + ")"
	}
	return text
}
