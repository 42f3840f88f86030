package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

var githubCommand = map[rules.Severity]string{rules.Error: "error", rules.Warning: "warning", rules.Info: "notice"}

// GitHub writes workflow commands, which a GitHub Action shows as annotations of
// lines. The most severe come first, because it shows only ten of each kind.
//
// The log shows only the message, so the message also contains the place.
func GitHub(w io.Writer, res *lint.Result, opt Options) error {
	b := bufio.NewWriter(w)
	for _, n := range res.Notes {
		if n.Trouble {
			githubNote(b, n, opt)
		}
	}
	worst := func(a, b rules.Finding) int { return int(b.Severity - a.Severity) }
	for _, f := range slices.SortedStableFunc(slices.Values(res.Findings), worst) {
		shown := opt.Shown(f.Span.File.Name)
		name := Clean(shown)
		r := utf16Region(f.Span)
		columns := ""
		if r.StartLine == r.EndLine {
			columns = fmt.Sprintf(",col=%d,endColumn=%d", r.StartColumn, r.EndColumn)
		}
		fmt.Fprintf(b, "::%s file=%s,line=%d,endLine=%d%s,title=%s::%s\n",
			githubCommand[f.Severity], githubFile(shown), r.StartLine, r.EndLine, columns, githubProperty(f.Rule.Name),
			githubData(fmt.Sprintf("%s:%s: %s", name, f.Span.File.Position(f.Span.Start), withFixes(f))))
	}
	return b.Flush()
}

func githubNote(w io.Writer, n lint.Note, opt Options) {
	properties := ""
	if name := noteName(n, opt); name != "" {
		properties = " file=" + githubFile(name)
	}
	if n.Name == "" && n.Span.File != nil {
		properties += fmt.Sprintf(",line=%d", n.Span.File.Position(n.Span.Start).Line)
	}
	fmt.Fprintf(w, "::error%s::%s\n", properties, githubData(Note(n, opt)))
}

// githubFile returns a file's name as a property. Its colons are escaped in a way
// that the runner reverses, because it needs the exact name.
func githubFile(name string) string {
	broken := slices.DeleteFunc(commands(name), func(at int) bool { return name[at] == ':' })
	return githubProperty(clean(name, 0, len(name), broken))
}

// The escapes that the runner reverses: actions/toolkit,
// packages/core/src/command.ts.
var (
	githubEscapes         = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubPropertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func githubData(s string) string     { return githubEscapes.Replace(s) }
func githubProperty(s string) string { return githubPropertyEscapes.Replace(s) }
