package examples_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	chiexample "github.com/hookproof/hookproof/examples/go/chi"
	echoexample "github.com/hookproof/hookproof/examples/go/echo"
	ginexample "github.com/hookproof/hookproof/examples/go/gin"

	"github.com/gin-gonic/gin"
	"github.com/hookproof/hookproof/go"
	"github.com/hookproof/hookproof/go/hooktest"
	"github.com/labstack/echo/v4"
)

const (
	apiKey = "a1b2c3d4"
	secret = "the signature secret of the tests, 50 letters long"
)

var body = []byte(`{"text":"hello"}`)

// work is what every framework's handler does: the first time it fails in the way that is asked for.
type work struct {
	t     *testing.T
	how   string
	calls int
}

func (w *work) do(r *http.Request) string {
	webhook, ok := hookproof.FromContext(r.Context())
	got, err := io.ReadAll(r.Body)
	if !ok || webhook.APIKey != apiKey || err != nil || !bytes.Equal(got, body) {
		w.t.Errorf("%v %s %v", ok, got, err)
	}
	w.calls++
	if w.calls > 1 {
		return ""
	}
	if w.how == "panic" {
		panic("a bug")
	}
	return w.how
}

func TestFrameworks(t *testing.T) {
	frameworks := map[string]func(*hookproof.Verifier, *work) http.Handler{
		"chi": func(v *hookproof.Verifier, work *work) http.Handler {
			return chiexample.Routes(v, func(w http.ResponseWriter, r *http.Request) {
				if work.do(r) != "" {
					http.Error(w, "no", http.StatusInternalServerError)
					return
				}
				_, _ = io.WriteString(w, "yes")
			})
		},
		"gin": func(v *hookproof.Verifier, work *work) http.Handler {
			return ginexample.Routes(v, func(c *gin.Context) {
				if work.do(c.Request) != "" {
					c.Status(http.StatusInternalServerError)
					return
				}
				c.String(http.StatusOK, "yes")
			})
		},
		"echo": func(v *hookproof.Verifier, work *work) http.Handler {
			return echoexample.Routes(v, func(c echo.Context) error {
				if how := work.do(c.Request()); how != "" {
					return errors.New(how)
				}
				return c.String(http.StatusOK, "yes")
			})
		},
	}
	for name, routes := range frameworks {
		for _, how := range []string{"", "error", "panic"} {
			t.Run(name+" "+how, func(t *testing.T) {
				store, err := hookproof.NewMemoryStore(100)
				if err != nil {
					t.Fatal(err)
				}
				verifier, err := hookproof.New(hookproof.WithSecret(apiKey, secret), hookproof.WithStore(store))
				if err != nil {
					t.Fatal(err)
				}
				work := &work{t: t, how: how}
				server := httptest.NewServer(routes(verifier, work))
				defer server.Close()
				request, err := http.NewRequest(http.MethodPost, server.URL+"/webhooks", bytes.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				hooktest.NewSigner(apiKey, secret).SignRequest(request, body)
				// The work fails, and its retry is worked on; then it is a duplicate.
				wanted := []string{"200 yes", "200 ok\n"}
				switch how {
				case "error":
					wanted = append([]string{map[bool]string{true: "503", false: "500"}[name == "echo"]}, wanted...)
				case "panic":
					wanted = append([]string{"503 refused\n"}, wanted...)
				}
				for _, want := range wanted {
					request.Body, _ = request.GetBody()
					response, err := server.Client().Do(request)
					if err != nil {
						t.Fatal(err)
					}
					text, _ := io.ReadAll(response.Body)
					_ = response.Body.Close()
					if got := response.Status[:3] + " " + string(text); got != want && got[:3] != want {
						t.Errorf("expected %q, got %q", want, got)
					}
				}
				request.Body = io.NopCloser(bytes.NewReader([]byte(`{"text":"hallo"}`)))
				response, err := server.Client().Do(request)
				if err != nil {
					t.Fatal(err)
				}
				_ = response.Body.Close()
				if response.StatusCode != 503 || work.calls != len(wanted)-1 {
					t.Error(response.Status, work.calls)
				}
			})
		}
	}
}
