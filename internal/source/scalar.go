package source

import (
	"bytes"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
)

// scalarKey is a line of YAML that begins a block scalar: literal (|) or folded (>).
var scalarKey = lazyregexp.New(`^([ ]*(?:- +)*)(?:("[^"]*"|'[^']*'|[^\s#:'"][^:]*?) *: +)?([|>])([1-9]?)[-+]?([1-9]?)[ \t]*(?:#.*)?$`)

// scalars finds the block scalars of a YAML file that contain nginx configuration. Those
// of level http in one document are one group, as the keys of a ConfigMap are files of one
// directory; any other is a group by itself. In templates folded scalars are not read.
func (h *host) scalars(name string, src []byte) {
	together := -1 // the group of level http in this document
	for at := 0; at < len(src); {
		end := lineEnd(src, at)
		line := bytes.TrimRight(src[at:end], "\r\n")
		if bytes.HasPrefix(line, []byte("---")) {
			together = -1
		}
		m := scalarKey().FindSubmatch(line)
		if m == nil || besideOthers(string(m[2])) {
			at = end
			continue
		}
		indent := len(m[1])
		if len(m[2]) == 0 && bytes.HasSuffix(bytes.TrimRight(m[1], " "), []byte("-")) {
			indent = len(bytes.TrimRight(m[1], " ")) - 1 // - |
		}
		body := scalar(src, end, indent, string(m[4])+string(m[5]))
		at = max(body.end, end)
		text := src[body.start:body.end]
		if !OpensBlock(text) || m[3][0] == '>' && detect(name, src, AnyBraces) != Plain {
			continue
		}
		if m[3][0] == '>' {
			h.folded = append(h.folded, body)
		}
		isHTTP := httpBlock().Match(text) && !mainBlock().Match(text)
		if isHTTP && together >= 0 {
			h.groups[together] = append(h.groups[together], body)
			continue
		}
		if isHTTP {
			together = len(h.groups)
		}
		h.groups = append(h.groups, []part{body})
	}
}

// besideOthers reports whether a key is an annotation whose text a controller writes
// between lines of its own: only rules about the controller can judge it. A location in
// the snippet of a server stands for itself.
func besideOthers(key string) bool {
	key = strings.Trim(key, `"'`)
	annotation := strings.Contains(key, "ingress.kubernetes.io/") || strings.Contains(key, "nginx.org/")
	return annotation && !strings.HasSuffix(key, "/server-snippet") && !strings.HasSuffix(key, "/server-snippets")
}

// scalar returns the lines of a block scalar that begins at an offset, below a key with
// an indentation. A line that is only a tag does not end it, however it is indented: it
// is not in the rendering.
func scalar(src []byte, start, indent int, digit string) part {
	inner := 0
	if digit != "" {
		inner = indent + int(digit[0]-'0')
	}
	end := start
	for at := start; at < len(src); {
		next := lineEnd(src, at)
		line := bytes.TrimRight(src[at:next], " \t\r\n")
		depth := len(line) - len(bytes.TrimLeft(line, " "))
		at = next
		switch {
		case len(line) == 0, bytes.HasPrefix(line[depth:], []byte("{{")) && bytes.HasSuffix(line, []byte("}}")) && depth < max(inner, indent+1),
			bytes.HasPrefix(line[depth:], []byte("{%")) && bytes.HasSuffix(line, []byte("%}")) && depth < max(inner, indent+1):
			continue
		case inner == 0 && depth > indent:
			inner = depth
		case inner == 0 || depth < inner:
			return part{start, end}
		}
		end = next
	}
	return part{start, end}
}

// fold makes the lines of a folded scalar that YAML joins with a comment tags: in the
// scalar they are part of the comment. Lines are joined if both have the least
// indentation (YAML 1.2, section 8.1.3).
func (t *Text) fold(p part) {
	least := -1 // the indentation
	comment := false
	for at := p.start; at < p.end; {
		next := min(lineEnd(t.Src, at), p.end)
		line := bytes.TrimRight(t.Src[at:next], " \t\r\n")
		depth := len(line) - len(bytes.TrimLeft(line, " \t"))
		if least < 0 && len(line) > 0 {
			least = depth
		}
		switch joined := len(line) > 0 && depth == least; {
		case !joined:
			comment = false
		case comment:
			t.tags = append(t.tags, tag{start: at, end: at + len(line), role: nothing})
		default:
			comment = hasComment(line)
		}
		at = next
	}
}

// hasComment reports whether a line of nginx ends with a comment.
func hasComment(line []byte) bool {
	quote := byte(0)
	for i, c := range line {
		switch {
		case quote != 0 && c == quote && line[i-1] != '\\':
			quote = 0
		case quote != 0:
		case c == '#' && (i == 0 || bytes.IndexByte([]byte(" \t;{}"), line[i-1]) >= 0):
			return true
		case (c == '"' || c == '\'') && i > 0 && (line[i-1] == ' ' || line[i-1] == '\t'):
			quote = c
		}
	}
	return false
}

// Folded reports whether an offset is in a folded scalar, where inserted lines would be
// joined with others.
func (t *Text) Folded(offset int) bool { return t.host != nil && within(t.host.folded, offset) }

// within reports whether an offset is in one of some parts.
func within(parts []part, offset int) bool {
	for _, p := range parts {
		if p.start <= offset && offset <= p.end {
			return true
		}
	}
	return false
}
