package main

import (
	"os"
	"path/filepath"
	"time"

	"github.com/hookproof/hookproof/go"
)

// Vectors ask what a store answers, not how fast a busy machine does.
const budget = time.Minute

// process is a verifier with a store of its own, or its own way to the one store of all.
type process struct {
	verifier *hookproof.Verifier
	store    *hookproof.Store
}

type processes struct {
	sequence  *sequence
	directory string
	begun     map[int]*process
	isDown    bool
	isCold    bool
	coldUntil int64
}

func newProcesses(s *sequence) *processes {
	p := &processes{sequence: s, begun: map[int]*process{}}
	if s.inMemory {
		return p
	}
	directory, err := os.MkdirTemp("", "hookproof-replay-")
	must(err)
	p.directory = directory
	// The file is there before anything can move it.
	p.file().Close()
	return p
}

func (p *processes) end() {
	for _, process := range p.begun {
		process.close()
	}
	if p.directory != "" {
		must(os.RemoveAll(p.directory))
	}
}

func (p *process) close() {
	p.verifier.Close()
	p.store.Close()
}

// get is the process of that number; it begins when it is first asked for.
func (p *processes) get(number int) *process {
	if found, ok := p.begun[number]; ok {
		return found
	}
	p.begun[number] = p.begin()
	return p.begun[number]
}

func (p *processes) begin() *process {
	var store *hookproof.Store
	if p.sequence.inMemory {
		var options []hookproof.StoreOption
		if p.isCold {
			options = append(options, hookproof.RefuseOlderThan(time.Unix(p.coldUntil, 0)))
		}
		made, err := hookproof.NewMemoryStore(p.sequence.capacity, options...)
		must(err)
		store = made
	} else {
		store = p.file()
	}
	options := p.sequence.options
	verifier, err := hookproof.New(append(options[:len(options):len(options)], hookproof.WithStore(store))...)
	must(err)
	return &process{verifier, store}
}

// file is a way to the one file. While that is away it is made by nobody: a process that begins then looks at it where it belongs, and
// finds it gone like the others when it first asks it.
func (p *processes) file() *hookproof.Store {
	wasDown := p.isDown
	if wasDown {
		p.turn(true)
	}
	store, err := hookproof.NewFileStore(filepath.Join(p.directory, "replay"), hookproof.WithBudget(budget))
	must(err)
	if wasDown {
		p.turn(false)
	}
	return store
}

// turn lets the store of every process answer, or not.
func (p *processes) turn(up bool) {
	if p.isDown != up {
		return
	}
	here, away := filepath.Join(p.directory, "replay"), filepath.Join(p.directory, "away")
	if up {
		here, away = away, here
	}
	must(os.Rename(here, away))
	p.isDown = !up
}

// restart ends every process, and begins it anew.
func (p *processes) restart() {
	for _, process := range p.begun {
		process.close()
	}
	for number := range p.begun {
		p.begun[number] = p.begin()
	}
}
