// Package yaml reads YAML: settings and compose files. It is the one place that
// knows which library does.
package yaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v4"
)

// A Node is a piece of a document, with its place.
type Node = yaml.Node

// The kinds of nodes.
const (
	Mapping  = yaml.MappingNode
	Sequence = yaml.SequenceNode
	Scalar   = yaml.ScalarNode
)

// Unmarshal reads a document into a value. Aliases that multiply are refused.
func Unmarshal(text []byte, into any) error { return yaml.Unmarshal(text, into) }

// An Error is what keeps a text from being read, with its place.
type Error struct {
	Line, Column int
	Message      string
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// Only reads the only document of a text. The node is empty where there is none.
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
	var load *yaml.LoadError
	switch {
	case err == nil:
		err = &Error{second.Line, second.Column, "a second document begins"}
	case errors.As(err, &load):
		err = &Error{max(1, load.Mark.Line), max(1, load.Mark.Column), load.Message}
	}
	return Node{}, err
}
