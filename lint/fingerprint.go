package lint

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A Fingerprint identifies a finding after its line has moved, its file was
// reindented or other parts of the file have changed. Two mistakes can have the same
// fingerprint: they are counted.
type Fingerprint struct {
	File string // in the form that the caller compares
	Rule string
	In   string // the blocks around it, outermost first: "server a.example.com > location /ws"
	Text string // of the directive; else the line
}

// Identify returns a finding's fingerprint. The caller gives the file's name, because
// baselines and reports name files differently.
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

// beginning returns the directive of the block that begins where a span does, or nil.
func beginning(b *parser.Block, span parser.Span) *parser.Directive {
	for _, d := range b.Directives {
		if d.Span().Start == span.Start {
			return d
		}
	}
	return nil
}

// named returns a directive with the words that distinguish it: for a server, its
// first name.
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

// anywhere returns the fingerprint without its file.
func (p Fingerprint) anywhere() Fingerprint {
	p.File = ""
	return p
}

// Compare orders fingerprints by file and place.
func (p Fingerprint) Compare(q Fingerprint) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.In, q.In), cmp.Compare(p.Text, q.Text), cmp.Compare(p.Rule, q.Rule))
}

// Hash returns the fingerprint as 32 hexadecimal digits. Equal ones get different
// numbers.
func (p Fingerprint) Hash(number int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%s\x00%d", p.Rule, p.File, p.In, p.Text, number))
	return fmt.Sprintf("%x", sum)[:32]
}
