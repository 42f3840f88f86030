package intent

import (
	"fmt"
	"strconv"
	"strings"
)

// A row is one line of an embedded table, by the names in its header.
type row struct {
	columns map[string]int
	fields  []string
}

// rows reads an embedded table: tab-separated, with a header. It panics if the table
// is invalid, because that is our mistake.
func rows(table string) []row {
	lines := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
	head := strings.Split(lines[0], "\t")
	columns := make(map[string]int)
	for i, name := range head {
		columns[name] = i
	}
	all := make([]row, 0, len(lines)-1)
	for i, line := range lines[1:] {
		fields := strings.Split(line, "\t")
		if len(fields) != len(head) {
			panic(fmt.Sprintf("line %d has %d fields, want %d: %q", i+2, len(fields), len(head), line))
		}
		all = append(all, row{columns, fields})
	}
	return all
}

func (r row) text(column string) string {
	i, ok := r.columns[column]
	if !ok {
		panic("no column " + column)
	}
	return r.fields[i]
}

// list returns the items of a list with commas, or none for an empty field.
func (r row) list(column string) []string {
	if r.text(column) == "" {
		return nil
	}
	return strings.Split(r.text(column), ",")
}

// number returns a field as a number, or 0 for an empty one.
func (r row) number(column string) float64 {
	if r.text(column) == "" {
		return 0
	}
	n, err := strconv.ParseFloat(r.text(column), 64)
	if err != nil {
		panic(err)
	}
	return n
}

// yes returns whether a yes-or-empty field says yes.
func (r row) yes(column string) bool {
	switch r.text(column) {
	case "yes":
		return true
	case "", "no":
		return false
	}
	panic(column + " is neither yes nor no: " + r.text(column))
}
