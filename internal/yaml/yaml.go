// Package yaml reads YAML: settings and compose files. It is the one place that
// knows which library does.
package yaml

import (
	"bytes"
	"errors"
	"fmt"

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
func Unmarshal(text []byte, into any) error {
	err := yaml.Unmarshal(text, into)
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
	return fmt.Errorf("%d:%d: %s", line, max(1, column), e.Message)
}

// place is the line and column of an offset.
func place(text []byte, offset int) (line, column int) {
	before := text[:offset]
	return 1 + bytes.Count(before, []byte{'\n'}), offset - bytes.LastIndexByte(before, '\n')
}
