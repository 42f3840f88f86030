package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

var update = flag.Bool("update", false, "write the goldens again")

// richTree has findings of every severity, in files with strange names, behind
// characters of one to four bytes; fixes in one file and in two.
var richTree = fstest.MapFS{
	"nginx.conf": {Data: []byte("\ufeffevents {}\nhttp {\n    include conf.d/*.conf;\n}\n")},
	"conf.d/caf\u00e9 100% a:b,c.conf": {Data: []byte("server {\n    listen 8080;\n" +
		"    location /ws/\u00e9\u2603\U0001d11e/ { proxy_pass http://127.0.0.1:3000; } # ]]> <b> & \"\n" +
		"    location /chat/ws {\n        proxy_pass http://b;\n        include snippet;\n    }\n}\n")},
	"conf.d/crlf.conf": {Data: []byte("server {\r\n    listen 8081;\r\n    location /ws {\r\n        proxy_pass http://127.0.0.1:3000;\r\n" +
		"        proxy_http_version 1.1;\r\n        proxy_set_header Upgrade $http_upgrade;\r\n        proxy_set_header Connection \"close\";\r\n    }\r\n}\r\n")},
	"snippet":           {Data: []byte("proxy_http_version 1.0;\n")},
	"other/broken.conf": {Data: []byte("server {\n    listen 80;\n")},
}

func rich(t testing.TB) *lint.Result {
	t.Helper()
	res, err := lint.Run(lint.Options{FS: richTree, Paths: []string{"."}, Version: parser.Version{Major: 1, Minor: 26, Patch: 3}})
	if err != nil {
		t.Fatal(err)
	}
	last := len(res.Findings) - 1
	res.Suppressed = []lint.Suppressed{{Finding: res.Findings[last], Reason: "the client\nretries"}, {Finding: res.Findings[last], By: lint.ByBaseline}}
	res.Findings = slices.Delete(res.Findings, last, last+1)
	res.Notes = append(res.Notes, lint.Note{Name: "conf.d/pipe.conf", Message: "not read: not a regular file", Trouble: true},
		lint.Note{Message: "not checked, for nginx does not read them (not enabled): 1 in sites-available"})
	return res
}

func richOptions() Options {
	return Options{Shown: func(name string) string {
		if inside, ok := strings.CutPrefix(name, "other/"); ok {
			return "/srv/other \u202e/" + inside
		}
		return name
	}, Version: "v1.2.3", Suppressed: true}
}

// written is a result in a format.
func written(t testing.TB, name string, res *lint.Result, opt Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Formats[name](&b, res, opt); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every format of a rich result, byte for byte.
func TestGoldens(t *testing.T) {
	severities := make(map[rules.Severity]bool)
	res := rich(t)
	for _, f := range res.Findings {
		severities[f.Severity] = true
	}
	if len(severities) != 3 {
		t.Error("the result is not rich: not every severity is there")
	}
	for _, name := range FormatNames() {
		got := written(t, name, res, richOptions())
		if again := written(t, name, rich(t), richOptions()); !bytes.Equal(got, again) {
			t.Errorf("%s: two runs differ", name)
		}
		path := filepath.Join("testdata", "formats", name)
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not as in %s (%v); go test ./report -run Goldens -update writes it:\n%s", name, path, err, got)
		}
	}
}

// SARIF also contains findings that are not new since a revision: code scanning
// compares runs itself, and closes the alerts that a run leaves out.
func TestSARIFHasTheWholeRun(t *testing.T) {
	res := result(t, broken, parser.Version{})
	n := len(res.Findings)
	res.Suppressed = append(res.Suppressed, lint.Suppressed{Finding: res.Findings[0], By: lint.ByRevision})
	res.Findings = res.Findings[1:]
	doc := string(written(t, "sarif", res, Options{Shown: func(n string) string { return n }}))
	if strings.Count(doc, `"baselineState": "unchanged"`) != 1 || strings.Count(doc, `"baselineState": "new"`) != n-1 || strings.Contains(doc, `"suppressions"`) {
		t.Errorf("the whole run is not there:\n%s", doc)
	}
	valid(t, "sarif", []byte(doc))
	if doc := string(written(t, "github", res, Options{Shown: func(n string) string { return n }})); strings.Count(doc, "::warning")+strings.Count(doc, "::notice") > n {
		t.Errorf("annotations of old findings:\n%s", doc)
	}
}
