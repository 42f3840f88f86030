package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

var (
	mdLink = lazyregexp.New(`\[([^\]]+)\]\(([^)]+)\)`)
	mdMark = lazyregexp.New("\\*\\*|`")
)

// Page writes a rule's page for a terminal, or its Markdown if there is no terminal.
func Page(w io.Writer, r *rules.Rule, opt Options) error {
	if opt.Width == 0 {
		_, err := io.WriteString(w, PageText(r))
		return err
	}
	b := bufio.NewWriter(w)
	t := text{b, opt}
	var paragraph []string
	flush := func() {
		if len(paragraph) > 0 {
			t.paragraph(strings.Join(paragraph, " "))
			paragraph = nil
		}
	}
	fenced := false
	for _, line := range strings.Split(strings.TrimSpace(PageText(r)), "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			flush()
			fenced = !fenced
		case fenced:
			fmt.Fprintln(b, "    "+t.paint(faint, line))
		case strings.HasPrefix(line, "#"):
			flush()
			fmt.Fprintln(b, t.paint(bold, strings.TrimLeft(line, "# ")))
		case strings.TrimSpace(line) == "":
			flush()
			fmt.Fprintln(b)
		case strings.HasPrefix(line, "- "), strings.HasPrefix(line, "|"):
			flush()
			paragraph = append(paragraph, line)
		default:
			paragraph = append(paragraph, line)
		}
	}
	flush()
	fmt.Fprintf(b, "\n%s\n", opt.url(r))
	return b.Flush()
}

// plain returns Markdown without its markup.
func plain(s string) string {
	return mdMark().ReplaceAllString(mdLink().ReplaceAllString(s, "$1 ($2)"), "")
}

func (t text) paragraph(s string) {
	s = plain(s)
	if strings.HasPrefix(s, "|") {
		fmt.Fprintln(t.w, s)
		return
	}
	first, rest := "", ""
	if strings.HasPrefix(s, "- ") {
		first, rest, s = "- ", "  ", s[2:]
	}
	t.lines(first, rest, words(Clean(s)))
}
