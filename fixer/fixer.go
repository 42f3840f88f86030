// Package fixer turns fixes into new texts. It chooses which fixes can be applied
// together, makes the new text and prints unified diffs.
//
// The package knows nothing about nginx. Every byte outside an edit stays the same.
package fixer

import (
	"fmt"
	"sort"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// Safety says how far a fix can be trusted. A higher value is safer.
type Safety int

const (
	Shown  Safety = iota // printed for people, never applied by --fix
	Unsafe               // may change plain requests
	Safe                 // keeps every promise
)

func (s Safety) String() string {
	switch s {
	case Shown:
		return "shown"
	case Unsafe:
		return "unsafe"
	case Safe:
		return "safe"
	}
	return fmt.Sprintf("Safety(%d)", int(s))
}

// An Edit replaces the text of a span with New. If the span is empty, it is an
// insertion.
type Edit struct {
	Span parser.Span
	New  string
}

// A Fix is a set of edits in one or more files that fix a problem together. All of
// them are made or none. Insertions at one position are made in the order of Edits.
type Fix struct {
	Message string // a verb phrase: what the fix does
	Safety  Safety
	Reason  string // why it is not Safe, or that the proof refused it; "" for none
	Refused bool   // by the proof, for the Reason
	Edits   []Edit

	// What the proof of a patch allows it to change.
	Names   []*parser.Context // the locations whose requests it means to change
	Changes []string          // what changes for plain requests there, as Message says: header names, "HTTP version"
}

// Verdict says why --fix does not make the fix as a matter of course, or "" where
// it does.
func (fix Fix) Verdict() string {
	switch {
	case fix.Reason == "":
		return ""
	case fix.Refused:
		return "held: " + fix.Reason
	case fix.Safety == Shown:
		return "shown only: " + fix.Reason
	}
	return fix.Safety.String() + ": " + fix.Reason
}

// A Patch is one file and its whole new text.
type Patch struct {
	File *parser.File
	New  []byte

	moves []move // of the edits that Apply made, in order
}

// A move is where the text of one edit begins and ends, in the old text and in the
// new one.
type move struct{ old, oldEnd, new, newEnd int }

// Before returns where an offset of the new text is in the old text. What an edit
// wrote is where the edit begins.
func (p Patch) Before(offset int) int {
	after := sort.Search(len(p.moves), func(i int) bool { return p.moves[i].new > offset })
	if after == 0 {
		return offset
	}
	m := p.moves[after-1]
	if offset < m.newEnd {
		return m.old
	}
	return m.oldEnd + offset - m.newEnd
}

// Edits returns edits of whole lines that make the patch, in order, with at least one
// unchanged line between any two.
func (p Patch) Edits() []Edit {
	a, b := lines(p.File.Src), lines(p.New)
	all := changes(a, b)
	edits := make([]Edit, len(all))
	at, line := 0, 0 // of the old text
	skip := func(to int) int {
		for ; line < to; line++ {
			at += len(a[line])
		}
		return at
	}
	for i, c := range all {
		edits[i] = Edit{parser.Span{File: p.File, Start: skip(c.a0), End: skip(c.a1)}, strings.Join(b[c.b0:c.b1], "")}
	}
	return edits
}

// Diff returns the patch as a unified diff. The names go into its header, for example
// "a/conf.d/app.conf" and "b/conf.d/app.conf".
func (p Patch) Diff(oldName, newName string) string {
	return Unified(oldName, newName, p.File.Src, p.New)
}
