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

// Only reads the only document of a text. An error for a second one says where it
// begins. The node is empty where there is no document.
func Only(text []byte) (Node, error) {
	var doc, second Node
	dec := yaml.NewDecoder(bytes.NewReader(text))
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return Node{}, nil
	}
	if err != nil {
		return Node{}, err
	}
	switch err := dec.Decode(&second); {
	case errors.Is(err, io.EOF):
		return doc, nil
	case err != nil:
		return Node{}, err
	}
	return Node{}, fmt.Errorf("line %d: a second document begins", second.Line)
}
