package intent

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// shortestCompound is the length from which several consecutive words are looked up
// as one: socket.io is socketio and webSocket is websocket, but the two letters of
// w-s are not ws.
const shortestCompound = 5

// longestCompound is the largest number of words in a name of the tables.
const longestCompound = 3

// split returns the words of a name in lower case. A word ends at every character
// that is not a letter or digit, and where camelCase begins a new one.
func split(name string) []string {
	var words []string
	runes, start := []rune(name), 0
	flush := func(end int) {
		if end > start {
			words = append(words, strings.ToLower(string(runes[start:end])))
		}
	}
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			flush(i)
			start = i + 1
		} else if i > start && camelBreak(runes, i) {
			flush(i)
			start = i
		}
	}
	flush(len(runes))
	return words
}

// camelBreak reports whether a new word begins at i: chatHub, WSHandler.
func camelBreak(runes []rune, i int) bool {
	if !unicode.IsUpper(runes[i]) {
		return false
	}
	next := i+1 < len(runes) && unicode.IsLower(runes[i+1])
	return !unicode.IsUpper(runes[i-1]) || next
}

// A term is a word, or a compound of words, in one of the tables.
type term struct {
	text   string
	points [kinds]int
}

// maxName is how many bytes of a name are read: hosts and most paths are shorter, and
// a name is read again for each location.
const maxName = 1024

// terms returns the words of a name, and the compounds of neighbouring words, that
// are in the tables. Most names have none and cost nothing.
func terms(name string) []*term {
	name = name[:min(len(name), maxName)]
	var all []*term
	v := vocabulary()
	words, ends := spelled(name, make([]byte, 0, 64), make([]int, 0, 16))
	for i := range ends {
		start := 0
		if i > 0 {
			start = ends[i-1]
		}
		if t := v.term(words[start:ends[i]]); t != nil {
			all = append(all, t)
		}
	}
	start := 0
	for i := range ends {
		for _, end := range ends[i+1 : min(i+longestCompound, len(ends))] {
			if end-start < shortestCompound {
				continue
			}
			if t := v.term(words[start:end]); t != nil {
				all = append(all, t)
			}
		}
		start = ends[i]
	}
	return all
}

// spelled appends the words of a name to one buffer, and the end of each to another.
// A compound of neighbouring words is then a part of the first.
func spelled(name string, words []byte, ends []int) ([]byte, []int) {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			for _, word := range split(name) {
				words = append(words, word...)
				ends = append(ends, len(words))
			}
			return words, ends
		}
	}
	return spelledASCII(name, words, ends)
}

// spelledASCII is split for names in ASCII, as nearly all are.
func spelledASCII(name string, words []byte, ends []int) ([]byte, []int) {
	start := 0 // of the current word, in words
	flush := func() {
		if len(words) > start {
			ends = append(ends, len(words))
			start = len(words)
		}
	}
	for i := range len(name) {
		c := name[i]
		upper := 'A' <= c && c <= 'Z'
		switch {
		case !upper && !('a' <= c && c <= 'z') && !('0' <= c && c <= '9'):
			flush()
			continue
		case upper && len(words) > start:
			before, after := name[i-1], byte(0)
			if i+1 < len(name) {
				after = name[i+1]
			}
			if !('A' <= before && before <= 'Z') || 'a' <= after && after <= 'z' {
				flush()
			}
		}
		if upper {
			c += 'a' - 'A'
		}
		words = append(words, c)
	}
	flush()
	return words, ends
}

// A kind is a kind of signal that words give.
type kind int

const (
	inComment kind = iota
	nameSSE
	pathAuth
	pathExtension
	pathMedium
	pathService
	pathStatic
	pathStrong
	pathTarget
	pathUnix
	pathWellKnown
	portAny
	portOfApp
	inServer
	inUpstream
	kinds // the number of kinds
)

// kindNames are the names of the kinds in words.tsv.
var kindNames = [kinds]string{
	"comment", "name-sse", "path-auth", "path-extension", "path-medium", "path-service", "path-static", "path-strong",
	"path-target", "path-unix", "path-wellknown", "port", "port-app", "server", "upstream",
}

//go:embed words.tsv
var wordsTable string

// words has the terms of words.tsv and the names in endpoints.tsv.
type words struct {
	terms    map[string]*term
	lengths  [256]uint64 // the lengths of the terms, one bit each, by first byte: most words are not terms
	suffixes []suffix
	ends     [256]bool // the last bytes of the suffixes
}

// A suffix is a word that is written with a leading *.
type suffix struct {
	kind   kind
	text   string
	points int
}

var vocabulary = sync.OnceValue(func() *words {
	w := &words{terms: make(map[string]*term, 512)} // room for all
	for _, r := range rows(wordsTable) {
		k := kind(slices.Index(kindNames[:], r.text("kind")))
		points := int(r.number("points"))
		if text, ok := strings.CutPrefix(r.text("word"), "*"); ok {
			w.suffixes = append(w.suffixes, suffix{k, text, points})
		} else {
			w.add(r.text("word")).points[k] = points
		}
	}
	for _, e := range endpoints().all {
		for _, name := range e.Names {
			w.add(name)
		}
	}
	for text, t := range w.terms {
		w.end(t)
		w.lengths[text[0]] |= 1 << (len(text) % 64)
	}
	for _, s := range w.suffixes {
		w.ends[s.text[len(s.text)-1]] = true
	}
	return w
})

func (w *words) add(text string) *term {
	if w.terms[text] == nil {
		w.terms[text] = &term{text: text}
	}
	return w.terms[text]
}

// end gives a term the points of its suffix.
func (w *words) end(t *term) (any bool) {
	for _, s := range w.suffixes {
		if strings.HasSuffix(t.text, s.text) {
			any = true
			if t.points[s.kind] == 0 {
				t.points[s.kind] = s.points
			}
		}
	}
	return any
}

// term returns the term of a word, or nil.
func (w *words) term(word []byte) *term {
	if len(word) == 0 {
		return nil
	}
	if w.lengths[word[0]]>>(len(word)%64)&1 != 0 {
		if t := w.terms[string(word)]; t != nil {
			return t
		}
	}
	if !w.ends[word[len(word)-1]] {
		return nil
	}
	for _, s := range w.suffixes {
		if len(word) > len(s.text) && string(word[len(word)-len(s.text):]) == s.text {
			t := &term{text: string(word)}
			w.end(t)
			return t
		}
	}
	return nil
}

// weigh returns the term with the highest weight of a kind. Several do not add up:
// the strongest counts.
func (k kind) weigh(terms []*term) (text string, points int) {
	for _, t := range terms {
		if p := t.points[k]; abs(p) > abs(points) {
			text, points = t.text, p
		}
	}
	return text, points
}

// weight returns the weight of one word for a kind.
func (k kind) weight(word string) int {
	if t := vocabulary().term([]byte(word)); t != nil {
		return t.points[k]
	}
	return 0
}

func abs(n int) int { return max(n, -n) }
