package config

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/spell"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A placedError is an error with its position in a file.
type placedError struct {
	line, column int
	err          error
}

func (e *placedError) Error() string { return fmt.Sprintf("%d:%d: %v", e.line, e.column, e.err) }
func (e *placedError) Unwrap() error { return e.err }

// at adds a node's position to an error that has none.
func at(n *yaml.Node, err error) error {
	var placed *placedError
	if err == nil || errors.As(err, &placed) {
		return err
	}
	return &placedError{n.Line, n.Column, err}
}

// under adds the key that an error belongs to.
func under(key string, n *yaml.Node, err error) error {
	var placed *placedError
	if err = at(n, err); errors.As(err, &placed) {
		placed.err = fmt.Errorf("%s: %w", key, placed.err)
	}
	return err
}

// A reader knows the text that is being read.
type reader struct {
	source *parser.File
	lines  int // of it, once they were counted

	// The last position that was computed: many values can be on one line.
	line, column, offset int
}

// span returns the position of a node's value.
func (r *reader) span(n *yaml.Node) parser.Span {
	if r.source == nil {
		return parser.Span{}
	}
	if r.lines == 0 {
		r.lines = 1 + bytes.Count(r.source.Src, []byte("\n"))
	}
	if n.Line > r.lines { // in YAML a CR alone also ends a line
		return parser.Span{File: r.source}
	}
	line := r.source.LineSpan(n.Line)
	if n.Line != r.line || n.Column < r.column {
		r.line, r.column, r.offset = n.Line, 1, line.Start
	}
	for ; r.column < n.Column; r.column++ { // YAML counts characters
		_, size := utf8.DecodeRune(r.source.Src[r.offset:line.End])
		r.offset += size
	}
	rest := r.source.Src[r.offset:line.End]
	if bytes.HasPrefix(rest, []byte(n.Value)) {
		rest = rest[:len(n.Value)]
	} else {
		rest = bytes.TrimRight(rest, " \t")
	}
	return parser.Span{File: r.source, Start: r.offset, End: r.offset + len(rest)}
}

// fields reads a mapping by its keys.
func fields[T any](r *reader, into *T, n *yaml.Node, keys []key[T]) error {
	seen := make(map[string]bool)
	err := pairs(n, func(name, value *yaml.Node) error {
		i := slices.IndexFunc(keys, func(k key[T]) bool { return k.name == name.Value })
		if i < 0 {
			return at(name, unknown(name.Value, keyNames(keys)))
		}
		seen[name.Value] = true
		return under(name.Value, value, keys[i].read(r, into, value))
	})
	for _, k := range keys {
		if err == nil && k.required && !seen[k.name] {
			err = at(n, fmt.Errorf("%s is missing", k.name))
		}
	}
	return err
}

func keyNames[T any](keys []key[T]) []string {
	var all []string
	for _, k := range keys {
		all = append(all, k.name)
	}
	slices.Sort(all)
	return all
}

func unknown(key string, keys []string) error {
	if meant := spell.Name(key, keys); meant != "" {
		return fmt.Errorf("unknown key %q; did you mean %s?", key, meant)
	}
	return fmt.Errorf("unknown key %q; the keys are %s", key, strings.Join(keys, ", "))
}

// choice returns an error unless a value is one of the choices.
func choice(s string, choices []string) error {
	if slices.Contains(choices, s) {
		return nil
	}
	if meant := spell.Name(s, choices); meant != "" {
		return fmt.Errorf("%q: did you mean %s?", s, meant)
	}
	return fmt.Errorf("%q: must be one of %s", s, strings.Join(choices, ", "))
}

// pairs reads a mapping. It refuses duplicate keys.
func pairs(n *yaml.Node, read func(key, value *yaml.Node) error) error {
	if n.Kind != yaml.Mapping {
		return at(n, errors.New("must be a mapping of keys to values"))
	}
	seen := make(map[string]bool)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if seen[key.Value] {
			return at(key, fmt.Errorf("%s is given twice", key.Value))
		}
		seen[key.Value] = true
		if err := at(value, read(key, value)); err != nil {
			return err
		}
	}
	return nil
}

// each reads the items of a list, or a single item.
func each(n *yaml.Node, read func(*yaml.Node) error) error {
	if n.Kind == yaml.Scalar {
		return at(n, read(n))
	}
	if n.Kind != yaml.Sequence {
		return at(n, errors.New("must be a list"))
	}
	for _, item := range n.Content {
		if err := at(item, read(item)); err != nil {
			return err
		}
	}
	return nil
}

// word reads one word or number, as written.
func word(n *yaml.Node, read func(string) error) error {
	if n.Kind != yaml.Scalar || strings.TrimSpace(n.Value) == "" {
		return at(n, errors.New("must be one value"))
	}
	return at(n, read(n.Value))
}

// words reads several words, or one.
func words(n *yaml.Node, all *[]string, check func(string) error) error {
	return each(n, func(item *yaml.Node) error {
		return word(item, func(s string) error {
			*all = append(*all, s)
			return check(s)
		})
	})
}
