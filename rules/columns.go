package rules

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// columns are the positions at which a block's simple directives have their
// parameters, in bytes from the directive's name; 0 if they are not aligned.
type columns struct {
	first  int // the first parameter, of all directives
	header int // the second one of proxy_set_header
}

// looked is the number of directives of a block whose columns are examined.
const looked = 200

// columnsOf returns the columns of a block. Two directives of names of different
// lengths whose parameters begin in one column are aligned; so are two headers.
func columnsOf(b *parser.Block) columns {
	var c columns
	names, headers := make(map[int]int), make(map[int]int) // by column: the length of what stands before it
	for _, d := range b.Directives[:min(len(b.Directives), looked)] {
		if d.Block != nil || d.ParamCount() == 0 {
			continue
		}
		name := d.NameWord().Span()
		c.first = aligned(names, c.first, d.ParamWord(0).Span().Start-name.Start, name.End-name.Start)
		if d.Is("proxy_set_header") && d.ParamCount() == 2 {
			header := d.ParamWord(0).Span()
			c.header = aligned(headers, c.header, d.ParamWord(1).Span().Start-name.Start, header.End-name.Start)
		}
	}
	return c
}

// aligned notes that a parameter begins in a column, so many bytes behind the
// beginning of its directive, and returns the column in which parameters are known
// to be aligned: that of two directives of which one has more than a space before it.
func aligned(seen map[int]int, known, column, width int) int {
	if other, again := seen[column]; again && other != width && column > min(other, width)+1 {
		return column
	}
	if _, again := seen[column]; !again {
		seen[column] = width
	}
	return known
}

// align aligns a line, a directive with single spaces, to the columns if its words
// leave room.
func (c columns) align(line string) string {
	name, rest, ok := strings.Cut(line, " ")
	if !ok {
		return line
	}
	line = name + strings.Repeat(" ", max(1, c.first-len(name))) + rest
	if _, value, ok := strings.Cut(rest, " "); ok && name == "proxy_set_header" {
		before := line[:len(line)-len(value)-1]
		line = before + strings.Repeat(" ", max(1, c.header-len(before))) + value
	}
	return line
}
