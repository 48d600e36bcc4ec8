package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

// A judgement says how a case counts.
type judgement int

const (
	passed judgement = iota
	failed
	disputed
	notApplicable
	judgements
)

// finding is what came of one case.
type finding struct {
	id, verdict, reason string
	judgement           judgement
	expected, got       string
	event               string
}

func inapplicable(id string) finding {
	return finding{id: id, verdict: "not_applicable", judgement: notApplicable}
}

type report struct {
	asJSON bool
	json   *bufio.Writer
	text   *bufio.Writer
	one    [judgements]int
	all    [judgements]int
}

func newReport(asJSON bool) *report {
	r := &report{asJSON: asJSON, json: bufio.NewWriter(os.Stdout), text: bufio.NewWriter(os.Stdout)}
	if asJSON {
		r.text = bufio.NewWriter(os.Stderr)
	}
	return r
}

func (r *report) flush() {
	_ = r.json.Flush()
	_ = r.text.Flush()
}

func (r *report) add(file string, found finding) {
	r.one[found.judgement]++
	if r.asJSON {
		members := [][2]string{
			{"file", file}, {"id", found.id}, {"verdict", found.verdict}, {"reason", found.reason}, {"code", wordOf(found.reason)},
		}
		for number, member := range members {
			fmt.Fprintf(r.json, "%s%s:%s", []string{",", "{"}[boolean(number == 0)], quoted(member[0]), quoted(member[1]))
		}
		if found.event != "" {
			fmt.Fprintf(r.json, ",\"event\":%s", found.event)
		}
		fmt.Fprintln(r.json, "}")
	}
	if found.judgement == failed {
		fmt.Fprintf(r.text, "%s expected %s got %s\n", found.id, found.expected, found.got)
	}
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (r *report) file(name string) {
	fmt.Fprintf(r.text, "%s:\n%d passed, %d failed, %d disputed, %d not applicable\n", name, r.one[passed], r.one[failed],
		r.one[disputed], r.one[notApplicable])
	for i := range r.one {
		r.all[i] += r.one[i]
	}
	r.one = [judgements]int{}
}

func (r *report) finish() bool {
	fmt.Fprintf(r.text, "%d passed, %d failed\n", r.all[passed], r.all[failed])
	r.flush()
	return r.all[failed] == 0
}

// quoted is a text as JSON, escaped no more than it must be: as the other languages write it.
func quoted(text string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, letter := range text {
		switch letter {
		case '"', '\\':
			out.WriteByte('\\')
			out.WriteRune(letter)
		case '\b':
			out.WriteString(`\b`)
		case '\f':
			out.WriteString(`\f`)
		case '\n':
			out.WriteString(`\n`)
		case '\r':
			out.WriteString(`\r`)
		case '\t':
			out.WriteString(`\t`)
		default:
			if letter < ' ' {
				fmt.Fprintf(&out, `\u%04x`, letter)
			} else {
				out.WriteRune(letter)
			}
		}
	}
	out.WriteByte('"')
	return out.String()
}
