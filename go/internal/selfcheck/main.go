// Command selfcheck receives a webhook of its own: it shows that the library which was linked works where the program runs.
package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/hookproof/hookproof/go"
	"github.com/hookproof/hookproof/go/hooktest"
	"github.com/hookproof/hookproof/go/internal/native"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "selfcheck:", err)
		os.Exit(1)
	}
	fmt.Printf("%s %s ok\n", hookproof.Version(), native.Linked)
}

func run() error {
	directory, err := os.MkdirTemp("", "hookproof-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	store, err := hookproof.NewFileStore(filepath.Join(directory, "seen"))
	if err != nil {
		return err
	}
	defer store.Close()
	verifier, err := hookproof.New(hookproof.WithSecret("a1b2c3d4", "a secret"), hookproof.WithStore(store))
	if err != nil {
		return err
	}
	defer verifier.Close()
	body := []byte("{}")
	request := hookproof.Request{
		Method: "POST", Body: body, Header: http.Header{"Authorization": {hooktest.NewSigner("a1b2c3d4", "a secret").Sign(body)}},
	}
	work := func(*hookproof.Webhook) error { return otherRust() }
	if err := verifier.Receive(request, work); err != nil {
		return err
	}
	if err := verifier.Receive(request, work); !errors.Is(err, hookproof.ReasonReplayDuplicate) {
		return fmt.Errorf("a repeat gave %v", err)
	}
	return nil
}
