package parser

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// TestFixedWords shows on each nginx that the directives of a fixed set accept exactly
// their words: all of them together with one that is misspelt, and each alone.
func TestFixedWords(t *testing.T) {
	for _, n := range nginxtest.Installed(t) {
		t.Run(n.Version, func(t *testing.T) {
			t.Parallel()
			s := newSweep(t, n)
			for _, name := range slices.Sorted(maps.Keys(fixedWords)) {
				s.words(name)
			}
		})
	}
}

func (s *sweep) words(name string) {
	info := DirectiveInfos(name)[0]
	i := slices.IndexFunc(sweepPlaces, func(p struct {
		set  ContextSet
		mark string
	}) bool {
		return info.Contexts&p.set != 0
	})
	mark := sweepPlaces[i].mark
	words := strings.Fields(fixedWords[name])
	for _, word := range append(words, words[0]+"x") {
		if word == "off" && info.Max > 1 { // its meaning beside others differs
			continue
		}
		s.compare(name+" "+word, s.config(name, mark, name+" "+word+";"))
	}
}
