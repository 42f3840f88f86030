package source

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
)

// A role says what a tag does.
type role int

const (
	nothing role = iota // a comment, or an assignment
	value               // an expression
	opening             // the first arm of a region
	arm                 // another arm
	closing
	verbatim // what follows, up to its end, has no tags
)

// A tag is a tag of a template, with the white space that it removes.
type tag struct {
	start, end int
	role       role
	kind       string // of a region: what closes it
	condition  string // of an arm: "" for else
	negated    bool
	hidden     bool // the region is not in force where it is
	name       string
}

// delimiters are how the tags of a language begin and end.
type delimiters struct {
	open, close string
	expression  bool
	comment     bool
}

var delimitersOf = map[Language][]delimiters{
	Jinja:    {{"{{", "}}", true, false}, {"{%", "%}", false, false}, {"{#", "#}", false, true}},
	Go:       {{"{{", "}}", true, false}},
	Mustache: {{"{{{", "}}}", true, false}, {"{{", "}}", true, false}},
	ERB:      {{"<%", "%>", false, false}},
	EPP:      {{"<%", "%>", false, false}},
	HCL:      {{"${", "}", true, false}, {"%{", "}", false, false}},
}

// scan finds the tags of a template.
func (t *Text) scan(name string) {
	switch t.Language {
	case Envsubst:
		t.places(variable())
		return
	case Panel:
		t.places(placeholder())
		return
	}
	s := scanner{Text: t, delimiters: delimitersOf[t.Language], trim: t.Language == Jinja && strings.HasSuffix(strings.ToLower(name), ansible)}
	switch t.Language {
	case Jinja:
		s.header()
	case Go:
		s.preamble()
	}
	for s.next() {
	}
}

var (
	variable    = lazyregexp.New(`(?m)^!\{[^}\n]*\}|\$\{[A-Z][A-Z0-9_]*\}|\$\{[a-z_][\w-]*(?:\.[\w-]+)+\}|\$[A-Z][A-Z0-9_]*\b`)
	placeholder = lazyregexp.New(`__[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*__|%%[A-Za-z][A-Za-z0-9_]*%%|@[A-Z][A-Z0-9_]+@`)
)

// places makes each match of a pattern a hole.
func (t *Text) places(pattern *regexp.Regexp) {
	for _, at := range pattern.FindAllIndex(t.Src, -1) {
		t.tags = append(t.tags, tag{start: at[0], end: at[1], role: value})
	}
}

// A scanner finds tags with delimiters.
type scanner struct {
	*Text
	delimiters []delimiters
	ahead      []int // where each delimiter is next; the end for nowhere
	pos        int
	trim       bool // the newline after a tag is removed
}

var overridden = lazyregexp.New(`(\w+)\s*:\s*['"]?([^'",\s]+)`)

// header reads the line #jinja2: of Ansible, which counts only at the top and is not
// part of the rendering.
func (s *scanner) header() {
	if !bytes.HasPrefix(s.Src, []byte("#jinja2:")) {
		return
	}
	line, _, _ := bytes.Cut(s.Src, []byte("\n"))
	own := append([]delimiters{}, s.delimiters...)
	for _, m := range overridden().FindAllSubmatch(line[len("#jinja2:"):], -1) {
		set := string(m[2])
		switch string(m[1]) {
		case "trim_blocks":
			s.trim = strings.EqualFold(set, "true")
		case "variable_start_string":
			own[0].open = set
		case "variable_end_string":
			own[0].close = set
		case "block_start_string":
			own[1].open = set
		case "block_end_string":
			own[1].close = set
		}
	}
	s.delimiters, s.pos = own, min(len(line)+1, len(s.Src))
	s.tags = append(s.tags, tag{end: s.pos})
}

// next reads the next tag.
func (s *scanner) next() bool {
	start, d := s.find()
	if start < 0 {
		return false
	}
	if s.literal(start, d) {
		return true
	}
	from := start + len(d.open)
	length := s.length(from, d)
	if length < 0 {
		line, _, _ := bytes.Cut(s.Src[start:], []byte("\n"))
		s.fail(tag{start: start, end: start + len(line)}, "the tag that begins with "+d.open+" is never closed")
		s.pos = start + len(line)
		return true
	}
	g := tag{start: start, end: from + length + len(d.close)}
	s.pos = g.end
	inner := string(s.Src[from : from+length])
	body := s.whitespace(&g, inner, d)
	if !d.comment {
		s.classify(&g, body, d)
	}
	s.tags = append(s.tags, g)
	if g.role == verbatim {
		s.verbatim(g.name)
	}
	return true
}

// find returns the next opening delimiter.
func (s *scanner) find() (int, delimiters) {
	best, found := -1, delimiters{}
	for i, d := range s.delimiters {
		if len(s.ahead) <= i {
			s.ahead = append(s.ahead, s.index(0, d.open))
		}
		if at := s.ahead[i]; at < s.pos {
			s.ahead[i] = s.index(s.pos, d.open)
		}
		if at := s.ahead[i]; at < len(s.Src) && (best < 0 || at < best) {
			best, found = at, d
		}
	}
	return best, found
}

// index returns where a text is next, or the end.
func (s *scanner) index(from int, text string) int {
	i := bytes.Index(s.Src[from:], []byte(text))
	if i < 0 {
		return len(s.Src)
	}
	return from + i
}

// literal skips what looks like a tag and is not one: <%% and $${.
func (s *scanner) literal(start int, d delimiters) bool {
	switch s.Language {
	case ERB, EPP:
		if bytes.HasPrefix(s.Src[start:], []byte("<%%")) {
			s.tags = append(s.tags, tag{start: start + 2, end: start + 3})
			s.pos = start + 3
			return true
		}
	case HCL:
		if start > 0 && s.Src[start-1] == d.open[0] {
			s.tags = append(s.tags, tag{start: start - 1, end: start})
			s.pos = start + len(d.open)
			return true
		}
	}
	return false
}

// longestTag limits how far the end of a tag is looked for.
const longestTag = 64 << 10

// length returns the length of a tag up to its closing delimiter, which does not count
// in quotes or nested braces, or -1.
func (s *scanner) length(from int, d delimiters) int {
	rest := s.Src[from:min(len(s.Src), from+longestTag)]
	if d.comment || bytes.HasPrefix(rest, []byte("#")) && s.Language == ERB {
		return bytes.Index(rest, []byte(d.close))
	}
	if s.Language == Go {
		if comment := bytes.TrimLeft(bytes.TrimPrefix(rest, []byte("-")), " \t\n"); bytes.HasPrefix(comment, []byte("/*")) {
			if end := bytes.Index(rest, []byte("*/")); end >= 0 {
				if i := bytes.Index(rest[end:], []byte(d.close)); i >= 0 {
					return end + i
				}
			}
			return -1
		}
	}
	if n := quotedLength(rest, d.close, s.Language); n >= 0 {
		return n
	}
	return bytes.Index(rest, []byte(d.close)) // quotes that are not in pairs: an apostrophe
}

// quotedLength is length, with quotes in pairs.
func quotedLength(rest []byte, end string, l Language) int {
	depth := 0
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		switch {
		case depth == 0 && bytes.HasPrefix(rest[i:], []byte(end)):
			return i
		case c == '"' || c == '\'' && l != Go || c == '`' && l == Go:
			for i++; i < len(rest) && rest[i] != c; i++ {
				if rest[i] == '\\' && c != '`' {
					i++
				}
			}
		case l == Go, l == Mustache, end[0] != '}':
		case c == '{':
			depth++
		case c == '}' && depth > 0:
			depth--
		}
	}
	return -1
}
