// Package yaml reads YAML: settings and Compose files. Only this package imports the
// YAML library.
package yaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v4"
)

// A Node is a part of a document with its position.
type Node = yaml.Node

// The kinds of nodes.
const (
	Mapping  = yaml.MappingNode
	Sequence = yaml.SequenceNode
	Scalar   = yaml.ScalarNode
	Alias    = yaml.AliasNode
)

// The styles of scalars; a plain one has none of them.
const (
	DoubleQuoted = yaml.DoubleQuotedStyle
	SingleQuoted = yaml.SingleQuotedStyle
	Literal      = yaml.LiteralStyle
	Folded       = yaml.FoldedStyle
)

// First returns the first document's value, or nil if there is none. It refuses aliases
// that multiply and duplicate keys. An error about the text begins with line and
// column.
func First(text []byte) (*Node, error) {
	var doc Node
	if err := yaml.NewDecoder(bytes.NewReader(text)).Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, located(text, err)
	}
	if err := check(&doc, len(text)); err != nil || len(doc.Content) == 0 {
		return nil, err
	}
	return doc.Content[0], nil
}

// Unmarshal reads the first document into a value, as First does.
func Unmarshal(text []byte, into any) error {
	n, err := First(text)
	if err != nil || n == nil {
		return err
	}
	// The library compares all keys with each other, but check does not.
	return located(text, n.Load(into, yaml.WithV3Defaults(), yaml.WithUniqueKeys(false)))
}

// Resolve returns the node that an alias stands for, or the node itself.
func Resolve(n *Node) *Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// Field returns the value of a key of a mapping, or nil. Merge keys (<<) are
// followed.
func Field(n *Node, key string) *Node {
	var found *Node
	Each(n, func(k, value *Node) {
		if found == nil && k.Value == key {
			found = value
		}
	})
	return found
}

// Each calls a function for the keys of a mapping with their values, and then for
// those that merge keys bring. A key can occur more than once: the first one counts.
func Each(n *Node, visit func(key, value *Node)) { each(n, visit, 0) }

// maxMerges limits how deep merge keys lead to others.
const maxMerges = 8

func each(n *Node, visit func(key, value *Node), depth int) {
	if n = Resolve(n); n == nil || n.Kind != Mapping || depth > maxMerges {
		return
	}
	var merged []*Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], Resolve(n.Content[i+1])
		if key.Value != "<<" {
			visit(key, value)
		} else if value != nil && value.Kind == Sequence {
			merged = append(merged, value.Content...)
		} else {
			merged = append(merged, value)
		}
	}
	for _, m := range merged {
		each(m, visit, depth+1)
	}
}

// freeNodes is the number of nodes that a small text can have after its aliases are
// expanded. A larger text can have one more for each byte.
const freeNodes = 100_000

// check refuses duplicate keys and aliases that multiply.
func check(doc *Node, size int) error {
	c := checker{sizes: make(map[*Node]int), most: freeNodes + size}
	if c.size(doc); c.err != nil {
		return c.err
	}
	return nil
}

// A checker visits each node once.
type checker struct {
	sizes map[*Node]int // of the nodes that have an anchor, with their aliases expanded
	most  int
	err   error
}

// size returns the number of nodes from one on, with aliases expanded, and at most
// one more than allowed.
func (c *checker) size(n *Node) int {
	if n.Kind == yaml.AliasNode {
		return c.sizes[n.Alias] // 0 within itself, which the library refuses
	}
	total := 1
	var seen map[string]bool
	for i, child := range n.Content {
		if n.Kind == Mapping && i%2 == 0 && child.Kind == Scalar {
			if seen == nil {
				seen = make(map[string]bool, len(n.Content)/2)
			}
			if seen[child.Value] && c.err == nil {
				c.err = &Error{child.Line, child.Column, fmt.Sprintf("mapping key %q is already defined", child.Value)}
			}
			seen[child.Value] = true
		}
		if total += c.size(child); total > c.most {
			total = c.most + 1
			if c.err == nil {
				c.err = &Error{child.Line, child.Column, "document contains excessive aliasing"}
			}
		}
	}
	if n.Anchor != "" {
		c.sizes[n] = total
	}
	return total
}

// An Error is a syntax error with its position.
type Error struct {
	Line, Column int
	Message      string
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// Only reads the only document of a text. The node is empty if there is none.
func Only(text []byte) (Node, error) {
	var doc, second Node
	dec := yaml.NewDecoder(bytes.NewReader(text))
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return Node{}, nil
	}
	if err == nil {
		if err = dec.Decode(&second); errors.Is(err, io.EOF) {
			return doc, nil
		}
	}
	if err == nil {
		return Node{}, &Error{second.Line, second.Column, "a second document begins"}
	}
	return Node{}, located(text, err)
}

// Documents reads all documents of a text. The nodes are the top nodes of the documents
// that are not empty. If the text has a mistake, the error says where, and the documents
// before it are returned. A document with aliases that multiply or with duplicate keys is
// a mistake as well.
func Documents(text []byte) ([]*Node, error) {
	var all []*Node
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var doc Node
		err := dec.Decode(&doc)
		switch {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return all, located(text, err)
		}
		if err := check(&doc, len(text)); err != nil {
			return all, err
		}
		if doc.Kind == yaml.DocumentNode && len(doc.Content) == 1 {
			all = append(all, doc.Content[0])
		}
	}
}

// located adds the position to an error of the library.
func located(text []byte, err error) error {
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		return err
	}
	line, column := e.Mark.Line, e.Mark.Column
	if last, end := place(text, len(text)); line > last { // after a last line without an end
		line, column = last, end
	}
	if line < 1 { // the library does not report the position of a byte that is invalid in YAML
		line, column = place(text, min(max(0, e.Mark.Index), len(text)))
	}
	message := e.Message
	if lines := bytes.SplitN(text, []byte{'\n'}, line+1); line <= len(lines) && column >= 1 && column <= len(lines[line-1]) && lines[line-1][column-1] == '\t' {
		message = "a tab where YAML requires spaces"
	}
	return &Error{line, max(1, column), message}
}

// place returns the line and column of an offset.
func place(text []byte, offset int) (line, column int) {
	before := text[:offset]
	return 1 + bytes.Count(before, []byte{'\n'}), offset - bytes.LastIndexByte(before, '\n')
}
