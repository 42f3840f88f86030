package lint

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// trialRefusal is a line of a trial: what a version of nginx said of it.
var trialRefusal = regexp.MustCompile(`(?m)^# nginx (\S+): refuses: (.*?)( in /srv/x.*)?$`)

// trialExceptions are trials of which the tool cannot be as sure as nginx.
var trialExceptions = map[string]string{
	"41.conf": "a file that is missing in a repository may be created by the deployment: unknown-include says so",
}

// TestTrialRefusals compares what is said of configurations that others tried with
// what nginx said of them.
func TestTrialRefusals(t *testing.T) {
	names, _ := filepath.Glob("../../shared/trials/model/*.conf")
	if len(names) == 0 {
		t.Skip("no trials beside the project: skipped")
	}
	compared := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, said := range trialRefusal.FindAllStringSubmatch(string(text), -1) {
			v, err := parser.ParseVersion(said[1])
			if err != nil {
				t.Fatal(err)
			}
			if trialExceptions[filepath.Base(name)] == "" {
				compared++
				checkTrial(t, filepath.Base(name), text, v, said[2])
			}
		}
	}
	t.Logf("%d refusals compared", compared)
}

// checkTrial wants an error with nginx's words.
func checkTrial(t *testing.T, name string, text []byte, v parser.Version, said string) {
	t.Helper()
	res, err := Run(Options{FS: inMemory(map[string]string{"nginx.conf": string(text)}), Paths: []string{"nginx.conf"}, Version: v})
	if err != nil {
		t.Fatal(err)
	}
	var ours []string
	for _, f := range res.Findings {
		if f.Severity >= rules.Warning && strings.Contains(f.Message, said) {
			return
		}
		ours = append(ours, f.Message)
	}
	t.Errorf("%s on %v: nginx says %q, we %q", name, v, said, ours)
}
