package intent

import (
	_ "embed"
	"strings"
	"unicode"
)

// shortestCompound is the length from which several words in a row are looked
// up as one: socket.io is socketio and webSocket is websocket, but no two
// letters of w-s make a ws.
const shortestCompound = 5

// longestCompound is how many words a name of the tables has at most.
const longestCompound = 3

// split returns the words of a name in lower case: it ends one at all that is
// no letter or digit, and where camelCase begins a new one.
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

// terms returns what a name may be looked up by: each of its words, and the
// compounds of neighbours.
func terms(name string) []string {
	words := split(name)
	all := words
	for i := range words {
		compound := words[i]
		for _, next := range words[i+1 : min(i+longestCompound, len(words))] {
			compound += next
			if len(compound) >= shortestCompound {
				all = append(all, compound)
			}
		}
	}
	return all
}

//go:embed words.tsv
var wordsTable string

// A wordList has the words of one kind of signal and their points.
type wordList struct {
	words    map[string]int
	suffixes map[string]int // of words that are written with a leading *
}

// wordLists holds words.tsv, by kind.
var wordLists = parseWords(wordsTable)

func parseWords(table string) map[string]*wordList {
	kinds := make(map[string]*wordList)
	for _, r := range rows(table) {
		kind := r.text("kind")
		if kinds[kind] == nil {
			kinds[kind] = &wordList{make(map[string]int), make(map[string]int)}
		}
		points := int(r.number("points"))
		if suffix, ok := strings.CutPrefix(r.text("word"), "*"); ok {
			kinds[kind].suffixes[suffix] = points
		} else {
			kinds[kind].words[r.text("word")] = points
		}
	}
	return kinds
}

// weigh returns the term that has the most weight as one of that kind. Several
// do not add up: the strongest speaks for all.
func weigh(kind string, terms []string) (term string, points int) {
	for _, t := range terms {
		if p := weight(kind, t); abs(p) > abs(points) {
			term, points = t, p
		}
	}
	return term, points
}

func weight(kind, term string) int {
	list := wordLists[kind]
	if p, ok := list.words[term]; ok {
		return p
	}
	for suffix, p := range list.suffixes {
		if strings.HasSuffix(term, suffix) {
			return p
		}
	}
	return 0
}

func abs(n int) int { return max(n, -n) }
