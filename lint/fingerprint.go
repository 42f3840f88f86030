package lint

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A Fingerprint is what a finding is recognized by when its line has moved, its
// file was indented otherwise or something else in it has changed. Two mistakes
// may have the same one: they are counted.
type Fingerprint struct {
	File string // as whoever compares names it
	Rule string
	In   string // the blocks around it, outermost first: "server a.example.com > location /ws"
	Text string // of the directive; else the line
}

// Identify returns a finding's fingerprint. The file's name is given: baselines
// and reports do not name it alike.
func Identify(f rules.Finding, file string) Fingerprint {
	p := Fingerprint{File: strings.ToValidUTF8(file, "\ufffd"), Rule: f.Rule.Name}
	block, inside := at(f.Span.File.Root, f.Span.Start)
	if inside == nil {
		inside = beginning(block, f.Span)
	}
	if inside != nil {
		p.Text = named(inside)
	} else {
		line := f.Span.File.LineSpan(f.Span.File.Position(f.Span.Start).Line)
		p.Text = strings.Join(strings.Fields(line.Text()), " ")
	}
	var in []string
	for b := block; b != nil && b.Opener != nil; b = b.Opener.In {
		if !b.Opener.Is("http") { // the one around all others
			in = append([]string{named(b.Opener)}, in...)
		}
	}
	p.In = strings.ToValidUTF8(strings.Join(in, " > "), "\ufffd")
	p.Text = strings.ToValidUTF8(p.Text, "\ufffd")
	return p
}

// beginning returns the directive of a block that begins where a span does, or
// nil.
func beginning(b *parser.Block, span parser.Span) *parser.Directive {
	for _, d := range b.Directives {
		if d.Span().Start == span.Start {
			return d
		}
	}
	return nil
}

// named is a directive with what tells it from others: for a server, its first
// name.
func named(d *parser.Directive) string {
	words := strings.Join(strings.Fields(d.Words()), " ")
	if !d.Is("server") || d.Block == nil {
		return words
	}
	for _, inner := range d.Block.Directives {
		if inner.Is("server_name") {
			return words + " " + inner.Param(0)
		}
	}
	return words
}

// anywhere is the fingerprint without its file.
func (p Fingerprint) anywhere() Fingerprint {
	p.File = ""
	return p
}

// Compare puts fingerprints in the order of files and places.
func (p Fingerprint) Compare(q Fingerprint) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.In, q.In), cmp.Compare(p.Text, q.Text), cmp.Compare(p.Rule, q.Rule))
}

// Hash is the fingerprint in 32 hexadecimal digits. Those that are equal are
// told apart by a number.
func (p Fingerprint) Hash(number int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%s\x00%d", p.Rule, p.File, p.In, p.Text, number))
	return fmt.Sprintf("%x", sum)[:32]
}
