// Package yaml reads YAML: settings and compose files. It is the one place that
// knows which library does.
package yaml

import "go.yaml.in/yaml/v4"

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
