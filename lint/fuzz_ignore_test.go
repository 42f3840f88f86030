package lint

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// FuzzIgnore puts a comment into a configuration: it suppresses findings, each with
// its reason. No finding is lost or added, except about the comment.
func FuzzIgnore(f *testing.F) {
	const text = "events {}\nhttp {\n server {\n  listen 80;\n  location /ws {\n   proxy_pass http://127.0.0.1:3000;\n   proxy_read_timeout 10s;\n  }\n }\n}\n"
	for _, comment := range []string{
		"ignore missing-upgrade-headers it is mended elsewhere", "ignore-file proxy-http-version,missing-upgrade-headers for now", "ignore missing-upgrade-headers",
		"ignore", "ignore ,, x", "ignore-file short-read-timeout\tx", "ignroe x y", "ignore all no", "ignore unused-ignore x", "ignore syntax-error \xff",
	} {
		for _, line := range []byte{0, 3, 5, 6, 200} {
			f.Add(text, comment, line, false)
			f.Add(text, comment, line, true)
		}
	}
	f.Fuzz(func(t *testing.T, text, comment string, at byte, alone bool) {
		if len(text)+len(comment) > 4000 || strings.Contains(comment, "\n") || !strings.HasPrefix(comment, "ignore") {
			return
		}
		if strings.ContainsAny(comment, "{<") {
			return // with a mistake elsewhere they may make a template of the file, which is not judged
		}
		lines := strings.SplitAfter(text, "\n")
		i := int(at) % len(lines)
		with := slices.Clone(lines)
		switch mark := "# nginx-ws-lint: " + comment; {
		case alone:
			with[i] = mark + "\n" + with[i]
		case strings.HasSuffix(with[i], "\n"):
			with[i] = strings.TrimSuffix(with[i], "\n") + " " + mark + "\n"
		default:
			with[i] += " " + mark
		}
		before, after := run(text), run(strings.Join(with, ""))
		if before == nil || after == nil || readAs(before) != readAs(after) {
			return // it is not nginx, or the comment is inside a string
		}
		checkPlaces(t, after)
		want, got := tally(before.Findings), tally(slices.Concat(after.Findings, after.suppressedFindings()))
		for rule, n := range want {
			if rule != rules.UnusedIgnore.Name && got[rule] != n {
				t.Errorf("%d findings of %s became %d by %q in\n%s", n, rule, got[rule], comment, text)
			}
		}
		for _, s := range after.Suppressed {
			if s.Reason == "" {
				t.Errorf("%s is silenced without a reason by %q", s.Finding.Rule.Name, comment)
			}
		}
	})
}

func run(text string) *Result {
	res, err := Run(Options{FS: fstest.MapFS{"nginx.conf": {Data: []byte(text)}}, Paths: []string{"nginx.conf"}})
	if err != nil {
		return nil
	}
	return res
}

// readAs is what nginx reads of a file.
func readAs(res *Result) string {
	var b strings.Builder
	for _, f := range res.Files {
		f.Root.Walk(func(d *parser.Directive) {
			b.WriteString(d.Name())
			for _, p := range d.Params() {
				b.WriteString(" " + p.Value())
			}
			b.WriteString(";")
		})
		for _, e := range f.Errs {
			b.WriteString(e.Message)
		}
	}
	return b.String()
}

func tally(findings []rules.Finding) map[string]int {
	n := make(map[string]int)
	for _, f := range findings {
		n[f.Rule.Name]++
	}
	return n
}
