package parser

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lab"
)

// refusal is what nginx writes where its reader, and not a directive, refuses a
// configuration.
var refusal = regexp.MustCompile(`^FAIL :: \[emerg\] ((?:unexpected "|unexpected end of file|too long parameter).*?) in \$P/([^:]+):(\d+)$`)

// TestLabReading checks that each file of the lab is read as nginx read it: what its
// reader refused is refused with the same words at the same line, and what it
// accepted is accepted. nginx may refuse a directive before its reader reaches a
// syntax error.
func TestLabReading(t *testing.T) {
	refused := 0
	for _, c := range lab.Cases(t, lab.Nginx) {
		want := make(map[string]string)
		for _, s := range c.Seen {
			if m := refusal.FindStringSubmatch(s.Result); s.Probe == "t" && m != nil {
				want[m[2]] = m[1] + " at line " + m[3]
				refused++
			}
		}
		for name, file := range c.Files {
			if !strings.HasSuffix(name, ".conf") && !strings.HasSuffix(name, ".inc") {
				continue
			}
			f, got := Parse(name, file.Data), ""
			checkPartition(t, f)
			if len(f.Errs) > 0 {
				got = fmt.Sprintf("%s at line %d", f.Errs[0].Message, f.Position(f.Errs[0].Span.Start).Line)
			}
			if got != want[name] && (want[name] != "" || accepted(c)) {
				t.Errorf("%s/%s: nginx says %q, Parse %q", c.Name, name, want[name], got)
			}
		}
	}
	if refused == 0 {
		t.Error("no refusal of the reader was found in the lab")
	}
	t.Logf("%d files that nginx's reader refuses", refused)
}

// accepted reports whether some version accepts the configuration.
func accepted(c *lab.Case) bool {
	return slices.ContainsFunc(c.Seen, func(s lab.Seen) bool { return s.Probe == "t" && strings.HasPrefix(s.Result, "ok") })
}

// TestLabValues checks what a word means: nginx answered with what it had read.
func TestLabValues(t *testing.T) {
	variables := strings.NewReplacer("${host}", "hh", "$host", "hh") // the request's Host was hh
	for _, c := range lab.Cases(t, lab.Nginx) {
		if c.Name != "n-token-values" {
			continue
		}
		cfg := load(t, c.Files, "nginx.conf", Options{})
		for i, line := range strings.Split(strings.TrimSpace(c.Observed), "\n") {
			written, read, _ := strings.Cut(line, "\t")
			want, err := strconv.Unquote(read)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			if got := variables.Replace(returned(cfg, fmt.Sprintf("/%d", i))); got != want {
				t.Errorf("%s is read as %q, nginx answered %q", written, got, want)
			}
		}
		return
	}
	t.Fatal("the case n-token-values is not there")
}

// returned is the text of the return directive of an exact location.
func returned(cfg *Config, path string) (text string) {
	cfg.Root.Walk(func(c *Context) bool {
		if c.Name == "location" && c.Opener.Param(1) == path {
			text = c.Own("return")[0].Param(1)
		}
		return true
	})
	return text
}

// TestLabPages checks that the topics and cases on the pages exist.
func TestLabPages(t *testing.T) {
	brackets, name := regexp.MustCompile(`(?s)\[([^\]\[]+)\][^(]`), regexp.MustCompile(`[\w-]+`)
	for page, dir := range map[string]string{"../docs/nginx.md": lab.Nginx, "../docs/relatives.md": lab.Relatives} {
		there := make(map[string]bool)
		for _, c := range lab.Cases(t, dir) {
			there[c.Topic], there[c.Name] = true, true
		}
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		named := 0
		for _, m := range brackets.FindAllStringSubmatch(string(text), -1) {
			cited, _, _ := strings.Cut(m[1], ";")
			for _, word := range name.FindAllString(cited, -1) {
				named++
				if !there[word] {
					t.Errorf("%s cites %s, which the lab does not have", page, word)
				}
			}
		}
		if named == 0 {
			t.Errorf("%s cites nothing of the lab", page)
		}
	}
}
