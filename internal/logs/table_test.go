package logs

//go:generate go test . -run TestTable -update

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/pagetest"
)

var update = flag.Bool("update", false, "write the table of docs/logs.md again")

const page = "../../docs/logs.md"

// TestTable keeps docs/logs.md up to date: it lists each kind with its cause and its
// test.
func TestTable(t *testing.T) {
	pagetest.Keep(t, page, map[string]string{"kinds": kindTable(t)}, *update, "go generate ./internal/logs")
}

func kindTable(t *testing.T) string {
	shown := kindTests(t)
	var b strings.Builder
	b.WriteString("| kind | log | what is seen | cause | sure | test |\n|---|---|---|---|---|---|\n")
	names := make(map[string]bool)
	for _, k := range Kinds {
		if names[k.Name] || k.Seen == "" || k.Least < 1 || !slices.Contains(cause.All, k.Cause) || !slices.Contains([]string{certain, likely, possible}, k.Sure) {
			t.Errorf("the kind %q", k.Name)
		}
		names[k.Name] = true
		if shown[k.Name] == "" {
			t.Errorf("no test shows %s", k.Name)
		}
		log, seen := "access", k.Seen
		if k.Error {
			log = "error"
		}
		if k.Least > 1 {
			seen += fmt.Sprintf("; %d times or more", k.Least)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s: %s | %s | %s |\n", k.Name, log, seen, k.Cause.Layer, k.Cause.Name, k.Sure, shown[k.Name])
	}
	for name := range shown {
		if !names[name] {
			t.Errorf("%s shows %q, which is no kind", shown[name], name)
		}
	}
	return b.String()
}

var lastedKinds = regexp.MustCompile(`"(lasted-\d+s):3"`)

// kindTests is the test for each kind, on a real nginx unless it would take too long.
func kindTests(t *testing.T) map[string]string {
	t.Helper()
	tests := make(map[string]string)
	text, err := os.ReadFile("logs_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range lastedKinds.FindAllSubmatch(text, -1) {
		tests[string(m[1])] = "TestConcerns, by written lines"
	}
	for file, test := range map[string]string{"live_linux_test.go": "TestLive", "live_limits_linux_test.go": ""} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range liveKinds.FindAllSubmatch(text, -1) {
			name := string(m[1]) + string(m[2]) + string(m[3])
			switch {
			case test != "":
				tests[name] = test
			case len(m[3]) > 0:
				tests[name] = "TestLiveStart"
			default:
				tests[name] = "TestLiveLimits"
			}
		}
	}
	return tests
}

var liveKinds = regexp.MustCompile(`(?m)^\t\{kind: "([a-z0-9-]+)"|^\t+\{"([a-z0-9-]+)", \d+, \d+\},|wantKind\(t, name, "([a-z0-9-]+)"\)`)
