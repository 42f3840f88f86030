package source

import (
	"bytes"
	"regexp"
	"strings"
)

// whitespace extends a tag over the white space that the engine removes with it, and
// returns what is in the tag without the signs that ask for that.
func (s *scanner) whitespace(g *tag, inner string, d delimiters) string {
	body := inner
	before, after := false, false
	switch s.Language {
	case Jinja, Go, ERB, EPP:
		if before = strings.HasPrefix(body, "-"); before || s.Language == Jinja && strings.HasPrefix(body, "+") {
			body = body[1:]
		}
		if after = strings.HasSuffix(body, "-"); after {
			body = body[:len(body)-1]
		} else if s.Language == Jinja && strings.HasSuffix(body, "+") {
			return s.trimmed(g, body[:len(body)-1], before, false, false)
		}
	case HCL:
		if before = strings.HasPrefix(body, "~"); before {
			body = body[1:]
		}
		if after = strings.HasSuffix(body, "~"); after {
			body = body[:len(body)-1]
		}
	}
	return s.trimmed(g, body, before, after, s.trim && !d.expression)
}

// trimmed extends the tag: before and after are the signs, newline says that the
// engine removes a newline without one.
func (s *scanner) trimmed(g *tag, body string, before, after, newline bool) string {
	line := s.Language == ERB || s.Language == EPP // they remove indentation and one line end
	if before {
		at := g.start
		for at > s.last() && strings.IndexByte(" \t\r\n", s.Src[at-1]) >= 0 && !(line && s.Src[at-1] == '\n') {
			at--
		}
		if !line || at == 0 || s.Src[at-1] == '\n' {
			g.start = at
		}
	}
	rest := s.Src[g.end:]
	switch {
	case after && !line:
		for g.end < len(s.Src) && strings.IndexByte(" \t\r\n", s.Src[g.end]) >= 0 {
			g.end++
		}
	case (after || newline) && strings.HasPrefix(string(rest[:min(2, len(rest))]), "\r\n"):
		g.end += 2
	case (after || newline) && len(rest) > 0 && rest[0] == '\n':
		g.end++
	}
	s.pos = g.end
	return body
}

// last returns the end of the tag before.
func (s *scanner) last() int {
	if len(s.tags) == 0 {
		return 0
	}
	return s.tags[len(s.tags)-1].end
}

// expression returns an expression without its delimiters and the white space that
// does not matter: equal expressions have equal values.
func expression(tag string) string {
	return strings.Join(strings.Fields(strings.Trim(tag, "{}<>%$=- \t\r\n~")), " ")
}

// verbatim skips to the tag that ends a raw block.
func (s *scanner) verbatim(name string) {
	end := regexp.MustCompile(`\{%[-+]?\s*end` + regexp.QuoteMeta(name) + `\s*[-+]?%\}`).FindIndex(s.Src[s.pos:])
	if end == nil {
		last := s.tags[len(s.tags)-1]
		s.Errs = append(s.Errs, Error{last.start, last.end, "the " + name + " block is never closed"})
		s.pos = len(s.Src)
		return
	}
	g := tag{start: s.pos + end[0], end: s.pos + end[1]}
	s.pos = g.end
	s.whitespace(&g, string(s.Src[g.start+2:g.end-2]), s.delimiters[1])
	if name == "comment" {
		g.start = s.tags[len(s.tags)-1].end
	}
	s.tags = append(s.tags, g)
}

// preamble skips the description at the top of a template of Nginx UI.
func (s *scanner) preamble() {
	start := bytes.Index(s.Src, []byte("# Nginx UI Template Start"))
	if end := bytes.Index(s.Src, []byte("# Nginx UI Template End")); start >= 0 && end > start {
		s.pos = end
		s.tags = append(s.tags, tag{start: start, end: end})
	}
}
