package fixer

import (
	"fmt"
	"strings"
)

// context is the number of unchanged lines before and after a change.
const context = 3

// Unified returns the unified diff that turns old into new, or "" if they are the
// same. It works on bytes, whatever their encoding: a line ends with a line feed and
// nothing else. git apply and patch -p1 accept it if the names begin with a directory
// such as a/ and b/.
func Unified(oldName, newName string, old, new []byte) string {
	a, b := lines(old), lines(new)
	d := printer{a: a, b: b}
	all := changes(a, b)
	if len(all) == 0 {
		return ""
	}
	fmt.Fprintf(&d.out, "--- %s\n+++ %s\n", headerName(oldName), headerName(newName))
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].a0-all[n-1].a1 <= 2*context {
			n++
		}
		d.hunk(all[:n])
		all = all[n:]
	}
	return d.out.String()
}

type printer struct {
	a, b []string // all lines of the two texts
	out  strings.Builder
}

// hunk prints changes that are close enough to share their context.
func (d *printer) hunk(changes []change) {
	first, last := changes[0], changes[len(changes)-1]
	before := min(context, first.a0)
	after := min(context, len(d.a)-last.a1)
	fmt.Fprintf(&d.out, "@@ -%s +%s @@\n",
		lineRange(first.a0-before, last.a1+after),
		lineRange(first.b0-before, last.b1+after))
	at := first.a0 - before
	for _, c := range changes {
		d.lines(' ', d.a[at:c.a0])
		d.lines('-', d.a[c.a0:c.a1])
		d.lines('+', d.b[c.b0:c.b1])
		at = c.a1
	}
	d.lines(' ', d.a[at:at+after])
}

func (d *printer) lines(mark byte, lines []string) {
	for _, line := range lines {
		d.out.WriteByte(mark)
		d.out.WriteString(line)
		if !strings.HasSuffix(line, "\n") {
			d.out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// lineRange prints the lines [start, end), counted from 0, as diff(1) does: a count
// of one is omitted, and an empty range names the line before it.
func lineRange(start, end int) string {
	switch end - start {
	case 0:
		return fmt.Sprintf("%d,0", start)
	case 1:
		return fmt.Sprint(start + 1)
	}
	return fmt.Sprintf("%d,%d", start+1, end-start)
}
