// Command conformance runs vector files through the Go package, as every other language does through its own interface.
//
//	conformance [--json] FILE...
//
// It prints a line for each failing case and the sums of each file, or with --json one object for each case. Exit status: 0 all passed, 1
// a case failed or a format is not known, 2 usage, 3 a file could not be read.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"unicode/utf8"
)

func main() {
	arguments := os.Args[1:]
	asJSON := len(arguments) > 0 && arguments[0] == "--json"
	if asJSON {
		arguments = arguments[1:]
	}
	if len(arguments) == 0 {
		fmt.Fprintln(os.Stderr, "usage: conformance [--json] FILE...")
		os.Exit(2)
	}
	report := newReport(asJSON)
	isKnown := true
	for _, path := range arguments {
		known, err := run(path, report)
		if err != nil {
			report.flush()
			fmt.Fprintf(os.Stderr, "conformance: %s: %v\n", path, err)
			os.Exit(3)
		}
		isKnown = isKnown && known
	}
	if !report.finish() || !isKnown {
		os.Exit(1)
	}
}

// fault is what is wrong with a file, or with the machine; never with the library.
type fault string

func (f fault) Error() string { return string(f) }

func giveUp(format string, arguments ...any) {
	panic(fault(fmt.Sprintf(format, arguments...)))
}

func must(err error) {
	if err != nil {
		giveUp("%v", err)
	}
}

// run runs one file; false if its format is not known.
func run(path string, report *report) (known bool, err error) {
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case fault:
			err = cause
		default:
			panic(cause)
		}
	}()
	text, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var file any
	if err := decoder.Decode(&file); err != nil {
		return false, err
	}
	if _, err := decoder.Token(); err != io.EOF || !utf8.Valid(text) {
		return false, fault("not one JSON text in UTF-8")
	}
	name := filepath.Base(path)
	cases := read(entry{"-", file})
	if cases == nil {
		report.flush()
		fmt.Fprintf(os.Stderr, "%s: the format is not known to this door yet\n", name)
		return false, nil
	}
	for _, run := range cases {
		report.add(name, run())
	}
	report.file(name)
	return true, nil
}

// read gives the cases of a file, or nothing if its format is not known.
func read(file entry) []func() finding {
	object, isObject := file.value.(map[string]any)
	list, isList := file.value.([]any)
	var cases []func() finding
	switch {
	case isObject && object["format"] == "signed-webhook-attacks/1":
		for _, value := range file.list("cases") {
			cases = append(cases, func() finding { return attack(file, entry{"?", value}) })
		}
	case isObject && object["format"] == "signed-webhook-replay/1":
		for _, value := range file.list("sequences") {
			cases = append(cases, func() finding { return replay(file, entry{"?", value}) })
		}
	case isObject && object["api"] != nil && object["payload"] != nil:
		cases = append(cases, func() finding { return payload(file) })
	case isList && len(list) > 0:
		first, ok := list[0].(map[string]any)
		if !ok || first["kind"] == nil {
			return nil
		}
		for index, value := range list {
			cases = append(cases, func() finding { return vendor(index, value) })
		}
	default:
		return nil
	}
	if cases == nil {
		cases = []func() finding{}
	}
	return cases
}
