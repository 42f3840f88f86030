package fixer

import (
	"strings"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// lines cuts a text after every line feed. The last line may have none.
func lines(text []byte) []string {
	l := strings.SplitAfter(string(text), "\n")
	if l[len(l)-1] == "" {
		l = l[:len(l)-1]
	}
	return l
}

// A change says that the lines [a0, a1) of the old text became the lines [b0, b1) of
// the new one. One of the ranges can be empty.
type change struct{ a0, a1, b0, b1 int }

// changes returns the fewest changes that turn a into b, in order, with at
// least one unchanged line between any two.
func changes(a, b []string) []change {
	keptA, keptB := kept(a, b)
	var all []change
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		c := change{a0: i, b0: j}
		for i < len(a) && !keptA[i] {
			i++
		}
		for j < len(b) && !keptB[j] {
			j++
		}
		if i == c.a0 && j == c.b0 {
			i, j = i+1, j+1
			continue
		}
		c.a1, c.b1 = i, j
		all = append(all, c)
	}
	next := len(a) + 1
	for k := len(all) - 1; k >= 0; k-- {
		all[k].slide(a, b, next)
		next = all[k].a0
	}
	return all
}

// slide moves a pure insertion or deletion down, as diff(1) does, as long as it
// remains the same change and keeps its distance from the next one.
func (c *change) slide(a, b []string, next int) {
	for c.a1+1 < next {
		adds := c.a0 == c.a1 && c.b1 < len(b) && b[c.b0] == b[c.b1]
		drops := c.b0 == c.b1 && c.a1 < len(a) && a[c.a0] == a[c.a1]
		if !adds && !drops {
			return
		}
		c.a0, c.a1, c.b0, c.b1 = c.a0+1, c.a1+1, c.b0+1, c.b1+1
	}
}

// kept reports for every line whether it is in both texts. The n-th kept line of a is
// the n-th of b.
func kept(a, b []string) (keptA, keptB []bool) {
	keptA, keptB = make([]bool, len(a)), make([]bool, len(b))
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		keptA[start], keptB[start] = true, true
		start++
	}
	endA, endB := len(a), len(b)
	for endA > start && endB > start && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
		keptA[endA], keptB[endB] = true, true
	}
	keep := keepCommon
	if endA-start+endB-start > maxExact {
		keep = keepNear
	}
	keep(a[start:endA], b[start:endB], keptA[start:endA], keptB[start:endB])
	return keptA, keptB
}

const (
	maxExact = 20_000 // up to this number of lines in both texts, the fewest changes are searched for
	maxApart = 400    // lines of both texts between two that agree, at most
)

// keepNear marks lines that agree, in linear time. Where the texts differ it looks
// for the nearest position from which they agree again.
func keepNear(a, b []string, keptA, keptB []bool) {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		if a[i] == b[j] {
			keptA[i], keptB[j] = true, true
			i, j = i+1, j+1
			continue
		}
		skipA, skipB := apart(a[i:], b[j:])
		i, j = i+skipA, j+skipB
	}
}

// apart returns how many lines of each text to skip until they agree again for two
// lines or to the end.
func apart(a, b []string) (skipA, skipB int) {
	for sum := 1; sum <= maxApart; sum++ {
		for skipA := max(0, sum-len(b)); skipA <= min(sum, len(a)); skipA++ {
			if agree(a[skipA:], b[sum-skipA:]) {
				return skipA, sum - skipA
			}
		}
	}
	return maxApart / 2, maxApart / 2
}

func agree(a, b []string) bool {
	for k := range 2 {
		if k >= len(a) || k >= len(b) {
			return len(a) == len(b)
		}
		if a[k] != b[k] {
			return false
		}
	}
	return true
}

// keepCommon marks a longest common subsequence. Lines that are only in one text are
// removed before the search, because its time grows with the square of the number of
// changes.
func keepCommon(a, b []string, keptA, keptB []bool) {
	ids := shared(a, b)
	runesA, placesA := encode(a, ids)
	runesB, placesB := encode(b, ids)
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = 0 // there is no deadline, because the diff would then differ between runs
	i, j := 0, 0
	for _, d := range dmp.DiffMainRunes(runesA, runesB, false) {
		n := utf8.RuneCountInString(d.Text)
		switch d.Type {
		case diffmatchpatch.DiffDelete:
			i += n
		case diffmatchpatch.DiffInsert:
			j += n
		case diffmatchpatch.DiffEqual:
			for range n {
				keptA[placesA[i]], keptB[placesB[j]] = true, true
				i, j = i+1, j+1
			}
		}
	}
}

// shared maps every line of both texts to a rune. It does not use go-diff's
// DiffLinesToRunes, which does not keep lines that are not UTF-8. Surrogates are left
// out: go-diff converts runes to strings and back, and all surrogates become U+FFFD.
// Lines after the last rune get none and count as changed, which is correct but not
// minimal.
func shared(a, b []string) map[string]rune {
	inA := make(map[string]bool, len(a))
	for _, line := range a {
		inA[line] = true
	}
	ids := map[string]rune{}
	next := rune(1)
	for _, line := range b {
		if _, ok := ids[line]; ok || !inA[line] || next > utf8.MaxRune {
			continue
		}
		ids[line] = next
		if next++; next == 0xD800 {
			next = 0xE000
		}
	}
	return ids
}

func encode(lines []string, ids map[string]rune) (runes []rune, places []int) {
	for i, line := range lines {
		if r, ok := ids[line]; ok {
			runes, places = append(runes, r), append(places, i)
		}
	}
	return runes, places
}
