package main

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
)

// entry is a value of a file's JSON, and the case it belongs to.
type entry struct {
	id    string
	value any
}

func (e entry) fault(format string, arguments ...any) {
	giveUp("case "+strings.ReplaceAll(e.id, "%", "%%")+": "+format, arguments...)
}

func (e entry) with(value any) entry { return entry{e.id, value} }

func (e entry) members() map[string]any {
	object, ok := e.value.(map[string]any)
	if !ok {
		e.fault("not an object")
	}
	return object
}

// optional is the member, with null as absent.
func (e entry) optional(name string) any {
	object, _ := e.value.(map[string]any)
	return object[name]
}

func (e entry) member(name string) any {
	value, ok := e.members()[name]
	if !ok {
		e.fault("%s is missing", name)
	}
	return value
}

func (e entry) object(name string) entry { return e.with(e.member(name)) }

// only fails for members that are not named: a reader that passed over one would judge another case than the one in the file.
func (e entry) only(names ...string) entry {
	for name := range e.members() {
		if !slices.Contains(names, name) {
			e.fault("%s is not known", name)
		}
	}
	return e
}

func (e entry) asText(value any, name string) string {
	text, ok := value.(string)
	if !ok {
		e.fault("%s is not a text", name)
	}
	return text
}

func (e entry) text(name string) string { return e.asText(e.member(name), name) }

func (e entry) optionalText(name, otherwise string) string {
	if value := e.optional(name); value != nil {
		return e.asText(value, name)
	}
	return otherwise
}

func (e entry) asInteger(value any, name string) int64 {
	number, _ := value.(json.Number)
	integer, err := number.Int64()
	if err != nil {
		e.fault("%s is not an integer", name)
	}
	return integer
}

func (e entry) integer(name string) int64 { return e.asInteger(e.member(name), name) }

// count is an integer that is not negative.
func (e entry) count(name string) int {
	count := e.integer(name)
	if count < 0 {
		e.fault("%s is negative", name)
	}
	return int(count)
}

func (e entry) optionalCount(name string, otherwise int) int {
	if e.optional(name) == nil {
		return otherwise
	}
	return e.count(name)
}

func (e entry) truth(value any, name string) bool {
	truth, ok := value.(bool)
	if !ok {
		e.fault("%s is not a boolean", name)
	}
	return truth
}

func (e entry) list(name string) []any {
	list, ok := e.member(name).([]any)
	if !ok {
		e.fault("%s is not a list", name)
	}
	return list
}

// latin1 are the bytes of a text with one code point for each.
func (e entry) latin1(text string) string {
	bytes := make([]byte, 0, len(text))
	for _, letter := range text {
		if letter > 0xff {
			e.fault("a code point above 255 stands for no byte")
		}
		bytes = append(bytes, byte(letter))
	}
	return string(bytes)
}

func (e entry) base64(text, name string) []byte {
	// Line breaks are no part of base64 here.
	bytes, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || strings.ContainsAny(text, "\r\n") {
		e.fault("%s is not base64", name)
	}
	return bytes
}

// parts is a text, or {parts: [text | {repeat, count}]}.
func (e entry) parts(value any, name string) string {
	if text, ok := value.(string); ok {
		return e.latin1(text)
	}
	var all strings.Builder
	for _, part := range e.with(value).list("parts") {
		object, ok := part.(map[string]any)
		if !ok {
			all.WriteString(e.latin1(e.asText(part, name)))
			continue
		}
		count := int64(1)
		if given, ok := object["count"]; ok {
			count = e.asInteger(given, "count")
		}
		if count < 0 {
			e.fault("count is negative")
		}
		all.WriteString(strings.Repeat(e.latin1(e.asText(object["repeat"], "repeat")), int(count)))
	}
	return all.String()
}

// authorization are the fields of the header.
func (e entry) authorization() []string {
	switch value := e.member("authorization").(type) {
	case nil:
		return nil
	case []any:
		fields := make([]string, len(value))
		for i, field := range value {
			fields[i] = e.parts(field, "authorization")
		}
		return fields
	default:
		return []string{e.parts(value, "authorization")}
	}
}

// secret is a text, meaning its bytes, or {b64}.
func (e entry) secret(value any) []byte {
	if text, ok := value.(string); ok {
		return []byte(text)
	}
	return e.base64(e.with(value).text("b64"), "b64")
}
