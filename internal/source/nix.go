package source

import "bytes"

// A nixReader finds the indented strings of a Nix expression that contain blocks of
// nginx. It follows https://nix.dev/manual/nix/2.28/language/string-literals: in such a
// string $name is text, ${name} is a value, and two single quotes escape what follows.
type nixReader struct {
	*Text
	pos   int
	depth int // of values in strings in values
}

// deepestNix is how deep values may be nested.
const deepestNix = 50

// nixStrings returns the strings, each a group by itself, and makes what Nix replaces in
// them tags.
func (t *Text) nixStrings() (groups [][]part) {
	r := nixReader{Text: t}
	for r.pos < len(t.Src) {
		if !bytes.HasPrefix(t.Src[r.pos:], []byte("''")) {
			r.skip()
			continue
		}
		before := len(t.tags)
		r.pos += 2
		body := r.indented()
		if OpensBlock(t.Src[body.start:body.end]) {
			groups = append(groups, []part{body})
		} else {
			t.tags = t.tags[:before]
		}
	}
	return groups
}

// skip skips a comment, a string or a byte.
func (r *nixReader) skip() {
	rest := r.Src[r.pos:]
	switch {
	case rest[0] == '#':
		r.pos = lineEnd(r.Src, r.pos)
	case bytes.HasPrefix(rest, []byte("/*")):
		r.to(2, "*/")
	case rest[0] == '"':
		r.quoted()
	default:
		r.pos++
	}
}

// to moves behind the next mark, or to the end.
func (r *nixReader) to(from int, mark string) {
	r.pos = min(r.pos+from, len(r.Src))
	if i := bytes.Index(r.Src[r.pos:], []byte(mark)); i >= 0 {
		r.pos += i + len(mark)
		return
	}
	r.pos = len(r.Src)
}

// quoted skips a string with double quotes.
func (r *nixReader) quoted() {
	for r.pos++; r.pos < len(r.Src); {
		switch rest := r.Src[r.pos:]; {
		case rest[0] == '\\':
			r.pos = min(r.pos+2, len(r.Src))
		case bytes.HasPrefix(rest, []byte("${")):
			r.value()
		case rest[0] == '"':
			r.pos++
			return
		default:
			r.pos++
		}
	}
}

// value skips ${...}.
func (r *nixReader) value() {
	r.pos += 2
	if r.depth++; r.depth > deepestNix {
		r.pos = len(r.Src)
	}
	for open := 1; r.pos < len(r.Src) && open > 0; {
		switch c := r.Src[r.pos]; {
		case c == '{':
			open++
			r.pos++
		case c == '}':
			open--
			r.pos++
		case bytes.HasPrefix(r.Src[r.pos:], []byte("''")):
			before := len(r.tags)
			r.pos += 2
			r.indented()
			r.tags = r.tags[:before]
		default:
			r.skip()
		}
	}
	r.depth--
}

// indented reads an indented string from behind its opening quotes, and notes what Nix
// replaces in it.
func (r *nixReader) indented() part {
	start := r.pos
	add := func(from, to int, is role) {
		r.tags = append(r.tags, tag{start: from, end: min(to, len(r.Src)), role: is})
	}
	for r.pos < len(r.Src) {
		at, rest := r.pos, r.Src[r.pos:]
		switch {
		case bytes.HasPrefix(rest, []byte("''$")), bytes.HasPrefix(rest, []byte("'''")):
			escape := 2 // ''$ is $
			if rest[2] == '\'' {
				escape = 1 // ''' is ''
			}
			add(at, at+escape, nothing)
			r.pos += 3
		case bytes.HasPrefix(rest, []byte(`''\`)):
			add(at, at+4, value)
			r.pos = min(at+4, len(r.Src))
		case bytes.HasPrefix(rest, []byte("''")):
			r.pos += 2
			return part{start, at}
		case bytes.HasPrefix(rest, []byte("$$")):
			r.pos += 2 // the second does not begin a value
		case bytes.HasPrefix(rest, []byte("${")):
			r.value()
			add(at, r.pos, value)
		default:
			r.pos++
		}
	}
	return part{start, len(r.Src)}
}
