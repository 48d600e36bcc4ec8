package examples_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hookproof/hookproof/go/hooktest"
)

// start starts a command, and waits for a line on its standard output that begins with a text.
func start(t *testing.T, beginning string, command *exec.Cmd) (string, *exec.Cmd) {
	t.Helper()
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	lines := bufio.NewScanner(out)
	found := make(chan string, 1)
	go func() {
		for lines.Scan() {
			if _, rest, ok := strings.Cut(lines.Text(), beginning); ok {
				found <- rest
				break
			}
		}
		close(found)
		_, _ = io.Copy(io.Discard, out)
	}()
	select {
	case rest, ok := <-found:
		if !ok {
			t.Fatalf("%v ended", command.Args)
		}
		return rest, command
	case <-time.After(30 * time.Second):
		t.Fatalf("%v does not say %q", command.Args, beginning)
	}
	return "", nil
}

// servers starts so many servers on one store and one journal.
func servers(t *testing.T, count int, replay string, more ...string) (addresses []string, processes []*exec.Cmd, journal string) {
	t.Helper()
	directory := t.TempDir()
	program := filepath.Join(directory, "server")
	if said, err := exec.Command("go", "build", "-o", program, "./server").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	keyring := filepath.Join(directory, "keyring.json")
	text := fmt.Sprintf(`{"version": 1, "accounts": [{"api_key": %q, "secrets": [{"label": "test", "secret": %q}]}]}`, apiKey, secret)
	if err := os.WriteFile(keyring, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	journal = filepath.Join(directory, "journal")
	for range count {
		arguments := append([]string{
			"--port", "0", "--keyring", keyring, "--replay", replay, "--journal", journal, "--replay-budget", "5000",
		}, more...)
		command := exec.Command(program, arguments...)
		command.Stderr = io.Discard
		address, process := start(t, "listening on ", command)
		addresses, processes = append(addresses, "http://"+address+"/"), append(processes, process)
	}
	return addresses, processes, journal
}

func post(t *testing.T, address, authorization string) int {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0
	}
	request.Header.Set("Authorization", authorization)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	return response.StatusCode
}

func redisServer(t *testing.T) string {
	t.Helper()
	directory := t.TempDir()
	socket := filepath.Join(directory, "redis.sock")
	start(t, "eady to accept connections", exec.Command("redis-server", "--port", "0", "--unixsocket", socket, "--dir", directory,
		"--save", "", "--appendonly", "no"))
	return "unix://" + socket
}

// Many times the same webhooks, to three processes at once: each is worked on once, and answered with 200 in the end.
func duplicates(t *testing.T, replay string) {
	addresses, _, journal := servers(t, 3, replay, "--work", "20")
	signer := hooktest.NewSigner(apiKey, secret)
	const webhooks = 8
	var group sync.WaitGroup
	for number := range webhooks {
		authorization := signer.Sign(body, hooktest.With("jti", fmt.Sprintf("id-%d", number)))
		for copies := range 9 {
			group.Add(1)
			go func() {
				defer group.Done()
				for range 200 {
					switch status := post(t, addresses[copies%3], authorization); status {
					case 200:
						return
					case 503:
						time.Sleep(20 * time.Millisecond) // it is in progress
					default:
						t.Errorf("status %d", status)
						return
					}
				}
				t.Error("it is never done")
			}()
		}
	}
	group.Wait()
	text, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	for number := range webhooks {
		handled := strings.Count(string(text), fmt.Sprintf("handled id-%d\n", number))
		confirmed := strings.Count(string(text), fmt.Sprintf("confirmed id-%d\n", number))
		if handled != 1 || confirmed != 1 {
			t.Errorf("webhook %d was handled %d times and confirmed %d times", number, handled, confirmed)
		}
	}
}

func TestThreeProcessesOnOneRedis(t *testing.T) {
	socket := strings.TrimPrefix(redisServer(t), "unix://")
	duplicates(t, "redis+unix://"+socket)
}

func TestThreeProcessesOnOneFile(t *testing.T) {
	duplicates(t, "file:"+filepath.Join(t.TempDir(), "seen.db"))
}

// SIGHUP swaps the keyring, and SIGTERM lets the request under way end.
func TestSignals(t *testing.T) {
	addresses, processes, journal := servers(t, 1, "memory", "--work", "300")
	keyring := filepath.Join(filepath.Dir(journal), "keyring.json")
	text, err := os.ReadFile(keyring)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(keyring, bytes.Replace(text, []byte(secret), []byte("a new secret"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := processes[0].Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	signer := hooktest.NewSigner(apiKey, "a new secret")
	status := 0
	for range 100 {
		if status = post(t, addresses[0], signer.Sign(body)); status == 200 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if status != 200 || post(t, addresses[0], hooktest.NewSigner(apiKey, secret).Sign(body)) != 503 {
		t.Error("the keyring was not swapped", status)
	}
	answered := make(chan int, 1)
	go func() { answered <- post(t, addresses[0], signer.Sign(body, hooktest.With("jti", "the last"))) }()
	time.Sleep(100 * time.Millisecond)
	if err := processes[0].Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if status := <-answered; status != 200 {
		t.Error(status)
	}
	if err := processes[0].Wait(); err != nil {
		t.Error(err)
	}
}
