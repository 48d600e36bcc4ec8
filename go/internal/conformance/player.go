package main

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/hookproof/hookproof/go"
	"github.com/hookproof/hookproof/go/hooktest"
)

const differsWithItself = "one verdict in every way"

// play plays a sequence, in every way to hand over a body and each time from the beginning.
func play(s *sequence) finding {
	first := perform(s, ways[0])
	verdict := strings.Join(first.answers, " ")
	found := finding{id: s.id, verdict: verdict, reason: first.refused}
	if first.expected != "" {
		found.judgement, found.expected, found.got = failed, first.expected, first.got
	}
	for _, w := range ways[1:] {
		if other := strings.Join(perform(s, w).answers, " "); other != verdict {
			found.judgement, found.expected = failed, differsWithItself
			found.got = fmt.Sprintf("one-shot %s, %s %s", verdict, w, other)
			break
		}
	}
	return found
}

// stage is one performance under way.
type stage struct {
	sequence  *sequence
	way       way
	processes *processes
	// The claims that steps left. A claim that is gone with its memory is nil.
	claims  map[int]*hookproof.Received
	hasTime bool
	now     int64
	flood   flood

	answers []string
	// Why the last request that was refused was.
	refused string
	// The first step that was not as expected.
	expected, got string
}

func perform(s *sequence, w way) *stage {
	st := &stage{sequence: s, way: w, processes: newProcesses(s), claims: map[int]*hookproof.Received{}}
	defer st.processes.end()
	for number, step := range s.steps {
		st.play(number, step)
	}
	return st
}

// note notes the answer to a step, and what was expected in its place.
func (st *stage) note(got, expected string) {
	if expected != "" && st.expected == "" {
		st.expected, st.got = fmt.Sprintf("in step %d %s", len(st.answers), expected), got
	}
	st.answers = append(st.answers, got)
}

func unless(holds bool, expected string) string {
	if holds {
		return ""
	}
	return expected
}

// time is that of the step, which goes on for the steps without one.
func (st *stage) time(step entry) int64 {
	if now := step.optional("now"); now != nil {
		st.now, st.hasTime = step.asInteger(now, "now"), true
	}
	if !st.hasTime {
		step.fault("no step has a time yet")
	}
	return st.now
}

func (st *stage) play(number int, step entry) {
	switch step.text("do") {
	case "verify":
		st.verify(number, step)
	case "confirm":
		st.end(step, (*hookproof.Received).ConfirmAt)
	case "release":
		st.end(step, (*hookproof.Received).ReleaseAt)
	case "flood":
		st.flood = st.sequence.flood(step)
		_, refused := st.pour(st.flood, st.time(step))
		if refused == "" {
			st.note("done", "")
		} else {
			st.refused = refused
			st.note("reject:"+refused, "done")
		}
	case "flood_again":
		again := st.flood
		if step.optional("prefix") != nil {
			again = st.sequence.flood(step)
		}
		accepted, _ := st.pour(again, st.time(step))
		st.count(step, accepted)
	case "store":
		st.processes.turn(step.text("state") == "up")
		st.note("-", "")
	case "restart":
		st.restart(step)
	case "concurrent":
		st.concurrent(step)
	}
}

func (st *stage) verify(number int, step entry) {
	now := st.time(step)
	process := st.processes.get(step.optionalCount("process", 0))
	expected := step.expectation("codes")
	received, err := receive(process.verifier, st.sequence.request(step), now, st.way)
	came := answerOf(err)
	text := "accept"
	mark := hookproof.ReplayClaimed
	if st.processes.isDown {
		mark = hookproof.ReplayUnavailable
	}
	isMarked := true
	if err != nil {
		st.refused = came.reason
		text = "reject:" + came.reason
	} else {
		st.claims[number] = received
		// An acceptance must say what it knows of repeats.
		if isMarked = received.Webhook.Replay == mark; !isMarked {
			text = "accept:" + string(received.Webhook.Replay)
		}
	}
	st.note(text, unless(isMarked && expected.holds(came), expected.String()))
}

func (st *stage) end(step entry, how func(*hookproof.Received, time.Time) error) {
	now := st.time(step)
	text := "-"
	if received, ok := st.claims[step.count("step")]; ok {
		text = "no_effect"
		if received != nil {
			var down *hookproof.StoreError
			switch err := how(received, moment(now)); {
			case err == nil:
				text = "done"
			case errors.Is(err, hookproof.ErrNoEffect):
			case errors.As(err, &down):
				text = "error"
			default:
				text = err.Error()
			}
		}
	}
	expected := step.optionalText("expect", "")
	if expected == "" {
		st.note(text, unless(text == "done" || text == "no_effect", "done or no_effect"))
		return
	}
	st.note(text, unless(text == expected, expected))
}

// pour receives and confirms all requests of a flood: how many went well, and why the first of the others did not.
func (st *stage) pour(f flood, now int64) (accepted int, refused string) {
	body := []byte(`{"event":"x"}`)
	process := st.processes.get(0)
	for number := range f.count {
		header := st.sequence.signer.Sign(body, hooktest.With("jti", fmt.Sprintf("%s%06d", f.prefix, number)), hooktest.With("iat", f.issuedAt))
		received, err := receive(process.verifier, &request{method: "POST", fields: []string{header}, body: body}, now, st.way)
		reason := answerOf(err).reason
		if err == nil && received.ConfirmAt(moment(now)) != nil {
			reason = hookproof.ReasonReplayStoreUnavailable.String()
		}
		if reason == "" {
			accepted++
		} else if refused == "" {
			refused = reason
		}
	}
	return accepted, refused
}

func (st *stage) count(step entry, accepted int) {
	expected := step.count("expect_accepts")
	st.note(fmt.Sprintf("accepts:%d", accepted), unless(accepted == expected, fmt.Sprintf("accepts:%d", expected)))
}

func (st *stage) restart(step entry) {
	if st.sequence.refusesCold || step.optional("now") != nil {
		st.processes.coldUntil = st.time(step)
	}
	st.processes.isCold = st.sequence.refusesCold
	if st.sequence.inMemory {
		// With the memory its claims are gone: ending what is gone has no effect.
		for number := range st.claims {
			st.claims[number] = nil
		}
	}
	st.processes.restart()
	st.note("-", "")
}

// concurrent lets many goroutines, spread over the processes, receive one request at the same moment.
func (st *stage) concurrent(step entry) {
	now := st.time(step)
	count, number := step.count("count"), max(step.optionalCount("processes", 1), 1)
	request := st.sequence.request(step)
	verifiers := make([]*hookproof.Verifier, number)
	for i := range verifiers {
		verifiers[i] = st.processes.get(i).verifier
	}
	start := make(chan struct{})
	answers := make([]answer, count)
	var group sync.WaitGroup
	for i := range answers {
		group.Add(1)
		go func() {
			defer group.Done()
			<-start
			_, err := receive(verifiers[i%number], request, now, st.way)
			answers[i] = answerOf(err)
		}()
	}
	close(start)
	group.Wait()
	accepted, stray := 0, ""
	for _, came := range answers {
		switch {
		case came.reason == "":
			accepted++
		// All others must be told that it is a repeat.
		case came.code != hookproof.ReasonReplayInProgress && came.code != hookproof.ReasonReplayDuplicate && stray == "":
			stray = came.reason
		}
	}
	if stray != "" {
		st.refused = stray
		st.note("reject:"+stray, fmt.Sprintf("accepts:%d", step.count("expect_accepts")))
		return
	}
	st.count(step, accepted)
}
