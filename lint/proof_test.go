package lint

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

const healthy = `events {}
http {
    map $http_upgrade $connection_upgrade { default upgrade; '' close; }
    upstream app { server 127.0.0.1:1; server 127.0.0.1:2 backup; }
    server {
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
        location /ws {
            proxy_pass http://app;
        }
        location /other {
            proxy_pass http://app;
        }
    }
}
`

// harmful returns a rule whose fix puts text after the first place at which a
// mark stands, and says that it concerns the named location only.
func harmful(name, mark, text, location string, changes ...string) *rules.Rule {
	return &rules.Rule{Name: name, Severity: rules.Error, Config: func(p *rules.Pass) {
		f := p.Files[0]
		at := strings.Index(string(f.Src), mark)
		if at < 0 || strings.Contains(string(f.Src), text) {
			return
		}
		span := parser.Span{File: f, Start: at + len(mark), End: at + len(mark)}
		fix := fixer.Fix{Message: name, Safety: fixer.Safe, Edits: []fixer.Edit{{Span: span, New: text}}, Changes: changes}
		p.Root.Walk(func(c *parser.Context) bool {
			if c.Name == "location" && c.Opener.Param(0) == location {
				fix.Names = append(fix.Names, c)
			}
			return true
		})
		p.Report(rules.Finding{Severity: rules.Error, Span: span, Message: name, Fixes: []fixer.Fix{fix}, Context: p.Root}, nil)
	}}
}

// fixWith fixes the healthy tree with rules of the test's own.
func fixWith(t *testing.T, all ...*rules.Rule) *Result {
	t.Helper()
	w, err := discover(Options{FS: fstest.MapFS{"nginx.conf": {Data: []byte(healthy)}}, Paths: []string{"."}})
	if err != nil {
		t.Fatal(err)
	}
	j := newJudge(all, w.policy)
	j.versions = parser.AnyVersion
	res := &Result{Findings: j.findings(w)}
	if err := j.fix(w, res); err != nil {
		t.Fatal(err)
	}
	return res
}

// Every promise of the proof, broken by a fix that means well.
func TestProofRefuses(t *testing.T) {
	for _, c := range []struct {
		rule   *rules.Rule
		reason string
	}{
		{harmful("adds a header, which cancels the rest", "location /ws {", " proxy_set_header X-A a;", "/ws", "X-A"), "a handshake that passed would not"},
		{harmful("changes a location that it does not name", "server {", " proxy_set_header X-A a;", "/ws", "X-A"), "would change, and no fix says so"},
		{harmful("changes what it does not say", "location /other {", " proxy_read_timeout 9s;", "/other", "Connection"), "proxy_read_timeout would change, and no fix says so"},
		{harmful("says a directive twice", "proxy_http_version 1.1;", " proxy_http_version 1.1 ;", "/ws", "HTTP version"), `"proxy_http_version" directive is duplicate`},
		{harmful("puts a map into server", "server {", " map $a $b { default c; }", "/ws"), `"map" directive is not allowed here`},
		{harmful("puts ip_hash before a backup", "upstream app {", " ip_hash;", "/ws"), `does not support parameter "backup"`},
		{harmful("uses a variable that nothing defines", "location /ws {", " set $a $nowhere;", "/ws"), "defines $nowhere"},
		{harmful("opens a block and forgets to close it", "server {", " location /x {", "/ws"), "is gone"},
		{harmful("answers in the locations' place", "server {", " return 204;", "/ws"), "a handshake that passed would not"},
		{harmful("edits a location that it does not name", "location /other {", " return 204;", "/ws"), "shown only: it would also change location /other (line 12), which the fix is not about"},
		{harmful("writes what the second reader reads differently", "location /other {", ` set $a b\ c;`, "/other"), "the second parser, gonginx, reads the patched text differently"},
		{harmful("leaves a brace over", "location /other {", " } location /more {", "/other"), "a handshake that passed would not"},
	} {
		t.Run(c.rule.Name, func(t *testing.T) {
			res := fixWith(t, c.rule)
			if len(res.Patches) > 0 {
				t.Errorf("it was let through:\n%s", res.Patches[0].New)
			}
			if len(res.Held) != 1 || !strings.Contains(res.Held[0].Reason, c.reason) {
				t.Errorf("held %v, want the reason %q", res.Held, c.reason)
			}
		})
	}
}

// One bad fix does not keep good ones from being made.
func TestProofKeepsTheGood(t *testing.T) {
	good := harmful("good", "location /other {", " proxy_set_header X-B b;", "/other", "X-B", "Upgrade", "Connection")
	bad := harmful("bad", "location /ws {", " proxy_set_header X-A a;", "/ws", "X-A")
	healthyOther := harmful("another", "location /other {\n            proxy_pass http://app;", " # fine", "/other")
	res := fixWith(t, bad, healthyOther)
	if len(res.Patches) != 1 || len(res.Held) != 1 || res.Held[0].Fix.Message != "bad" || !strings.Contains(string(res.Patches[0].New), "# fine") {
		t.Errorf("patches %d, held %v", len(res.Patches), res.Held)
	}
	// It is in the location's own interest that a passing handshake passes, even
	// where a fix names it.
	if res := fixWith(t, good); len(res.Patches) != 0 {
		t.Error("a fix took a passing handshake away")
	}
}

// Fixes without an end are given up, with nothing changed.
func TestRoundsEnd(t *testing.T) {
	n := 0
	endless := &rules.Rule{Name: "endless", Severity: rules.Error, Config: func(p *rules.Pass) {
		n++
		f := p.Files[0]
		span := parser.Span{File: f, Start: 0, End: 0}
		p.Report(rules.Finding{Span: span, Message: "again", Context: p.Root,
			Fixes: []fixer.Fix{{Message: "again", Safety: fixer.Safe, Edits: []fixer.Edit{{Span: span, New: "# again\n"}}}}}, nil)
	}}
	w, err := discover(Options{FS: fstest.MapFS{"nginx.conf": {Data: []byte(healthy)}}, Paths: []string{"."}})
	if err != nil {
		t.Fatal(err)
	}
	j := newJudge([]*rules.Rule{endless}, w.policy)
	j.versions = parser.AnyVersion
	res := &Result{Findings: j.findings(w)}
	if err := j.fix(w, res); err == nil || !strings.Contains(err.Error(), "did not converge") || len(res.Patches) > 0 || n > maxRounds+2 {
		t.Errorf("after %d rounds: %v", n, err)
	}
}
