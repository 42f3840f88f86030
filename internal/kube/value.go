package kube

import (
	"bytes"
	"unicode/utf8"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Value is a value in a YAML file with its place. The zero value is one that is not
// there.
type Value struct {
	in   *Manifest
	key  *yaml.Node // of the mapping that it is in, or nil
	node *yaml.Node
}

// Exists reports whether the value is in the file.
func (v Value) Exists() bool { return v.node != nil }

// File returns the file of the value.
func (v Value) File() *parser.File { return v.in.File }

// At follows keys of nested mappings.
func (v Value) At(keys ...string) Value {
	for _, key := range keys {
		v = v.child(key)
	}
	return v
}

func (v Value) child(key string) Value {
	for _, e := range v.Entries() {
		if e.key.Value == key {
			return e
		}
	}
	return Value{}
}

// Entries returns the values of a mapping, in order. Merge keys are not followed.
func (v Value) Entries() []Value {
	n := v.target()
	if n == nil || n.Kind != yaml.Mapping {
		return nil
	}
	all := make([]Value, 0, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		all = append(all, Value{v.in, n.Content[i], n.Content[i+1]})
	}
	return all
}

// Items returns the values of a sequence, in order.
func (v Value) Items() []Value {
	n := v.target()
	if n == nil || n.Kind != yaml.Sequence {
		return nil
	}
	all := make([]Value, 0, len(n.Content))
	for _, item := range n.Content {
		all = append(all, Value{v.in, nil, item})
	}
	return all
}

// target follows an alias.
func (v Value) target() *yaml.Node {
	if v.node != nil && v.node.Kind == yaml.Alias {
		return v.node.Alias
	}
	return v.node
}

// Key returns the key of a value in a mapping.
func (v Value) Key() string {
	if v.key == nil {
		return ""
	}
	return v.key.Value
}

// Text returns a scalar, as YAML reads it, or "".
func (v Value) Text() string {
	if n := v.target(); n != nil && n.Kind == yaml.Scalar {
		return n.Value
	}
	return ""
}

// Plain reports whether the value is a scalar without quotes on one line.
func (v Value) Plain() bool {
	const styled = yaml.DoubleQuoted | yaml.SingleQuoted | yaml.Literal | yaml.Folded
	return v.node != nil && v.node.Kind == yaml.Scalar && v.node.Style&styled == 0 && v.node.Tag != "" && v.node.Anchor == ""
}

// Known reports whether no tag of a template is part of the value or of its key.
func (v Value) Known() bool {
	if v.in.template == nil {
		return true
	}
	if v.key != nil {
		if key := v.KeySpan(); v.in.template.Touches(key.Start, key.End) {
			return false
		}
	}
	span := v.Span()
	return !v.in.template.Touches(span.Start, span.End)
}

// Literal reports whether the value is a block scalar whose lines are kept.
func (v Value) Literal() bool { return v.node != nil && v.node.Style&yaml.Literal != 0 }

// KeySpan returns the place of the key.
func (v Value) KeySpan() parser.Span {
	start := offset(v.in, v.key)
	return parser.Span{File: v.in.File, Start: start, End: scalarEnd(v.in.text, start, v.key)}
}

// Span returns the place of the value. That of a mapping or a sequence ends where its
// line does.
func (v Value) Span() parser.Span {
	start := offset(v.in, v.node)
	end := lineEnd(v.in.text, start)
	if v.node.Kind == yaml.Scalar {
		end = scalarEnd(v.in.text, start, v.node)
	}
	return parser.Span{File: v.in.File, Start: start, End: end}
}

// offset returns where a node begins. The library counts characters in a line.
func offset(m *Manifest, n *yaml.Node) int {
	src, at := m.text, m.File.LineSpan(n.Line).Start
	for range n.Column - 1 {
		if at >= len(src) {
			break
		}
		_, size := utf8.DecodeRune(src[at:])
		at += size
	}
	return min(at, len(src))
}

// scalarEnd returns where a scalar that begins at start ends: at its closing quote, or at
// the end of its text in that line.
func scalarEnd(src []byte, start int, n *yaml.Node) int {
	end := lineEnd(src, start)
	switch {
	case n.Style&yaml.DoubleQuoted != 0:
		for i := start + 1; i < len(src); i++ {
			switch src[i] {
			case '\\':
				i++
			case '"':
				return i + 1
			}
		}
	case n.Style&yaml.SingleQuoted != 0:
		for i := start + 1; i < len(src); i++ {
			switch {
			case src[i] != '\'':
			case i+1 < len(src) && src[i+1] == '\'':
				i++
			default:
				return i + 1
			}
		}
	case bytes.HasPrefix(src[start:end], []byte(n.Value)):
		return start + len(n.Value)
	}
	return end
}

// lineEnd returns where the line of an offset ends, without its line end.
func lineEnd(src []byte, at int) int {
	end := len(src)
	if i := bytes.IndexByte(src[at:], '\n'); i >= 0 {
		end = at + i
	}
	if end > at && src[end-1] == '\r' {
		end--
	}
	return end
}
