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

// Unmarshal reads a document into a value. Aliases that multiply are refused. An
// error about the text begins with line and column.
func Unmarshal(text []byte, into any) error { return located(text, yaml.Unmarshal(text, into)) }

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
	if err == nil {
		return Node{}, &Error{second.Line, second.Column, "a second document begins"}
	}
	return Node{}, located(text, err)
}

// located gives an error of the library its place.
func located(text []byte, err error) error {
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		return err
	}
	line, column := e.Mark.Line, e.Mark.Column
	if last, end := place(text, len(text)); line > last { // behind a last line that nothing ends
		line, column = last, end
	}
	if line < 1 { // the library does not say where a byte is that may not stand in YAML
		line, column = place(text, min(max(0, e.Mark.Index), len(text)))
	}
	return &Error{line, max(1, column), e.Message}
}

// place is the line and column of an offset.
func place(text []byte, offset int) (line, column int) {
	before := text[:offset]
	return 1 + bytes.Count(before, []byte{'\n'}), offset - bytes.LastIndexByte(before, '\n')
}
