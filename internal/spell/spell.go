// Package spell finds the name that a misspelt one was most likely meant to be.
package spell

// Distance returns the number of letters to add, remove or change to turn one
// name into the other (Levenshtein).
func Distance(a, b string) int {
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
	return row[len(b)]
}

// Name returns the candidate nearest to name, if it differs by at most two
// letters, or "".
func Name(name string, candidates []string) string {
	best, distance := "", 3
	for _, c := range candidates {
		if max(len(c)-len(name), len(name)-len(c)) >= distance {
			continue
		}
		if d := Distance(name, c); d < distance && d < len(name) {
			best, distance = c, d
		}
	}
	return best
}
