// Package near finds what a misspelt name was most likely meant to be.
package near

// Distance is how many letters have to be added, left out or changed to make
// one name of the other (Levenshtein).
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

// Name returns the candidate that is at most two slips away from a name, the
// nearest of them, or "".
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
