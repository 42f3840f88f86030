package source

import (
	"bytes"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
)

// A document is a here-document of a shell script or a Dockerfile.
type document struct {
	part
	expands bool // $name and \$ in it are the shell's
	copied  bool // COPY and ADD of a Dockerfile: a backslash before any character goes as well
}

// heredoc is where a here-document is announced: its delimiter, quoted or not.
var heredoc = lazyregexp.New(`<<(-?)[ \t]*(?:'([A-Za-z_]\w*)'|"([A-Za-z_]\w*)"|(\\?)([A-Za-z_]\w*))`)

// documents returns the here-documents of a file that contain blocks of nginx.
func documents(src []byte) (all []document) {
	for at := 0; at < len(src); {
		end := lineEnd(src, at)
		line := src[at:end]
		trimmed := bytes.TrimLeft(line, " \t")
		m := heredoc().FindSubmatchIndex(line)
		if m == nil || bytes.HasPrefix(trimmed, []byte("#")) || m[0] > 0 && line[m[0]-1] == '<' {
			at = end
			continue
		}
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return string(line[m[2*i]:m[2*i+1]])
		}
		body := part{end, end}
		for at = end; at < len(src); {
			next := lineEnd(src, at)
			last := strings.TrimRight(string(src[at:next]), "\r\n")
			if group(1) == "-" {
				last = strings.TrimLeft(last, "\t")
			}
			at = next
			if last == group(2)+group(3)+group(5) {
				break
			}
			body.end = next
		}
		if OpensBlock(src[body.start:body.end]) {
			first := strings.ToUpper(string(trimmed[:min(5, len(trimmed))]))
			all = append(all, document{
				body, group(2)+group(3) == "" && group(4) == "",
				strings.HasPrefix(first, "COPY ") || strings.HasPrefix(first, "ADD "),
			})
		}
	}
	return all
}

// expansion is what the shell replaces in a here-document whose delimiter has no quotes.
var expansion = lazyregexp.New("\\\\[$`\\\\]|\\$\\{[^}\n]*\\}|\\$\\([^)\n]*\\)|\\$(?:[A-Za-z_]\\w*|[0-9@*#?$!-])|`[^`\n]*`")

// copying is the same where each backslash goes.
var copying = lazyregexp.New(`\\[^\n]|\$\{[^}` + "\n" + `]*\}|\$[A-Za-z_]\w*`)

// expand makes what a shell replaces in a document tags.
func (t *Text) expand(d document) {
	if !d.expands {
		return
	}
	pattern := expansion
	if d.copied {
		pattern = copying
	}
	for _, m := range pattern().FindAllIndex(t.Src[d.start:d.end], -1) {
		g := tag{start: d.start + m[0], end: d.start + m[1], role: value}
		if t.Src[g.start] == '\\' {
			g.role, g.end = nothing, g.start+1
		}
		t.tags = append(t.tags, g)
	}
}

// Expands reports whether an offset is in a text in which a shell replaces variables:
// what is inserted there would have to be escaped.
func (t *Text) Expands(offset int) bool { return t.host != nil && within(t.host.expanded, offset) }
