package events_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hookproof/hookproof/go"
	"github.com/hookproof/hookproof/go/events"
)

// Every sample, read as an event: what the core says of it stands in a field, with the same value.
func TestNothingIsLost(t *testing.T) {
	files, err := filepath.Glob("../../tests/payloads/*.json")
	if err != nil || len(files) < 60 {
		t.Fatal(len(files), err)
	}
	seen := 0
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var sample struct {
				Method      string  `json:"method"`
				ContentType string  `json:"content_type"`
				Query       *string `json:"wire_query"`
				Body        *string `json:"wire_body"`
			}
			if err := json.Unmarshal(text, &sample); err != nil {
				t.Fatal(err)
			}
			carrier, payload := hookproof.CarrierJSON, sample.Body
			if sample.Method == "GET" {
				carrier, payload = hookproof.CarrierQuery, sample.Query
			} else if strings.Contains(sample.ContentType, "form-urlencoded") {
				carrier = hookproof.CarrierForm
			}
			event, err := hookproof.ParseUnsigned(carrier, []byte(*payload))
			if err != nil {
				t.Fatal(err)
			}
			var core map[string]any
			decode(t, []byte(event.JSON), &core)
			seen += compare(t, "/detail", core["detail"], typed(t, event.Detail))
			delete(core, "detail")
			delete(core, "record")
			seen += compare(t, "", core, typed(t, event))
		})
	}
	if seen < 500 {
		t.Errorf("only %d values were compared", seen)
	}
}

func decode(t *testing.T, text []byte, into any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		t.Fatal(err)
	}
}

func typed(t *testing.T, value any) any {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	decode(t, text, &out)
	return out
}

// compare counts the values that stand in both.
func compare(t *testing.T, at string, core, ours any) int {
	t.Helper()
	switch core := core.(type) {
	case nil:
		return 0
	case map[string]any:
		object, ok := ours.(map[string]any)
		if !ok {
			t.Errorf("%s: %v", at, ours)
			return 0
		}
		count := 0
		for name, value := range core {
			member, ok := object[name]
			if !ok && value != nil {
				// One of several forms: a struct with a field for each.
				for form, value := range object {
					if strings.ToUpper(form[:1]) == form[:1] && value != nil && reflect.DeepEqual(keys(value), keys(core)) {
						return compare(t, at, core, value)
					}
				}
				t.Errorf("%s/%s is lost", at, name)
			}
			count += compare(t, at+"/"+name, value, member)
		}
		return count
	case []any:
		list, ok := ours.([]any)
		if !ok {
			if forms, isObject := ours.(map[string]any); isObject {
				list, ok = forms["Several"].([]any)
			}
		}
		if !ok || len(list) != len(core) {
			t.Errorf("%s: %v", at, ours)
			return 0
		}
		count := 0
		for i := range core {
			count += compare(t, at+"/-", core[i], list[i])
		}
		return count
	default:
		if forms, isObject := ours.(map[string]any); isObject {
			for _, value := range forms {
				if reflect.DeepEqual(value, core) {
					return 1
				}
			}
		}
		if !reflect.DeepEqual(core, ours) && !sameTime(core, ours) {
			t.Errorf("%s: %v and %v", at, core, ours)
		}
		return 1
	}
}

func keys(value any) map[string]bool {
	object, _ := value.(map[string]any)
	all := map[string]bool{}
	for name, value := range object {
		if value != nil && value != "" {
			all[name] = true
		}
	}
	return all
}

func sameTime(one, other any) bool {
	a, oneIsText := one.(string)
	b, otherIsText := other.(string)
	first, err := time.Parse(time.RFC3339, a)
	second, otherErr := time.Parse(time.RFC3339, b)
	return oneIsText && otherIsText && err == nil && otherErr == nil && first.Equal(second)
}

func TestFromJSON(t *testing.T) {
	for _, text := range []string{"", "{", "[]", `{"record": 7}`, `{"detail": 7, "record": "SmsInbound"}`} {
		if event, err := events.FromJSON(text); err == nil || event != nil {
			t.Error(text)
		}
	}
}
