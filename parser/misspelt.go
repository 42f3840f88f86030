package parser

import (
	"strings"
)

// misspelt reports whether a $http_ variable is a slip for $http_upgrade or
// $http_connection: no client sends such a header, so it is always empty, and
// nginx says nothing.
func misspelt(name string) bool {
	header, ok := strings.CutPrefix(name, "http_")
	if !ok {
		return false
	}
	for _, right := range []string{"upgrade", "connection"} {
		if header != right && similar(header, right) {
			return true
		}
	}
	return false
}

// similar reports whether one or two letters were left out, added, changed or
// swapped.
func similar(a, b string) bool {
	if len(a)-len(b) > 2 || len(b)-len(a) > 2 {
		return false
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)] <= 2
}
