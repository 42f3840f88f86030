package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// EmptyRewrite finds rewrites that take the beginning of a path away and leave
// nothing, or no slash: nginx refuses an empty path, and applications refuse one
// without a slash (RFC 9112, section 3.2.1).
var EmptyRewrite = &Rule{
	Name:     "empty-rewrite",
	Summary:  "a rewrite leaves an empty path or one without a slash",
	Group:    Paths,
	Severity: Error,
	Location: emptyRewrite,
}

func emptyRewrite(p *Pass, l *Location) {
	s := l.Request.Short
	if s == nil {
		return
	}
	modifier, _ := l.LocationName()
	f := Finding{Severity: Warning, Span: wordsSpan(s.By)}
	switch {
	case s.Path != "" && modifier == "=":
		f.Severity = Error
		f.Message = fmt.Sprintf("this rewrite leaves nothing of %s: %s answers every handshake with 500 (the rewritten URI has a zero length)%s", s.Path, p.program(), l.belief())
	case s.Path != "" && s.NoSlash:
		f.Message = fmt.Sprintf("this rewrite leaves nothing of %s, for which %s answers 500 (the rewritten URI has a zero length), and no slash of other paths: %s%s is sent as %s, which many applications refuse with 400%s", s.Path, p.program(), s.Path, below, below, l.belief())
	case s.NoSlash:
		f.Message = fmt.Sprintf("this rewrite leaves paths without their slash, which many applications refuse with 400%s", l.belief())
	default:
		f.Message = fmt.Sprintf("this rewrite leaves nothing of %s itself: %s answers a handshake there with 500 (the rewritten URI has a zero length)%s", s.Path, p.program(), l.belief())
	}
	f.Fixes = l.wholePath(s)
	p.Report(f, l)
}

// wholePath has the rewrite leave a slash: it takes the one in the path, if there is
// one, and writes its own.
func (l *Location) wholePath(s *model.Shortened) []fixer.Fix {
	expr, to := s.By.ParamWord(0), s.By.ParamWord(1)
	prefix, ok := strings.CutSuffix(strings.TrimSuffix(expr.Text(), "$"), "(.*)")
	if !ok || to.Text() != "$1" || l.Opener == nil || s.By.In != l.Opener.Block {
		return nil
	}
	if !strings.HasSuffix(prefix, "/") {
		prefix += "/?"
	}
	return []fixer.Fix{{
		Message: "leave a slash in front of the rest", Safety: fixer.Unsafe, Names: []*parser.Context{l.Context}, Changes: []string{"target"},
		Edits: []fixer.Edit{replaceWord(expr, prefix+"(.*)$"), replaceWord(to, "/$1")},
	}}
}
