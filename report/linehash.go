package report

import (
	"fmt"
	"unicode/utf16"
)

// The parameters of GitHub's line hashes: codeql-action, src/fingerprints.ts.
const (
	hashLength = 100   // the number of characters that count, from the first of the line
	hashBase   = 37    // of the polynomial, modulo 2^64
	hashEnd    = 65535 // marks the end of the file
)

// lineHashes returns the hash of every line of a file, computed like GitHub's upload
// of SARIF, so that an alert stays the same when its line moves. Lines can also end
// with CR, spaces and tabs do not count, and equal lines are numbered.
func lineHashes(src []byte) []string {
	units, starts := hashed(src)
	var hashes []string
	seen := make(map[uint64]int)
	for _, start := range starts {
		var h uint64
		for i := start; i < start+hashLength; i++ {
			h *= hashBase
			if i < len(units) {
				h += uint64(units[i])
			}
		}
		seen[h]++
		hashes = append(hashes, fmt.Sprintf("%x:%d", h, seen[h]))
	}
	return hashes
}

// hashed returns the characters that count, and where lines start among them.
func hashed(src []byte) (units []uint16, starts []int) {
	atStart, afterCR := true, false
	for _, u := range append(utf16.Encode([]rune(string(src))), hashEnd) {
		if u == ' ' || u == '\t' || u == '\n' && afterCR {
			afterCR = false
			continue
		}
		if afterCR = u == '\r'; afterCR {
			u = '\n'
		}
		if atStart {
			starts = append(starts, len(units))
		}
		atStart = u == '\n'
		units = append(units, u)
	}
	return units, starts
}
