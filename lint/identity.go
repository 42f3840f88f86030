package lint

import (
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// An identity is what a fix is recognized by in all rounds and tries: its rule, and
// where its finding was before the first round. No message is part of it, so a fix
// may be worded otherwise in each round; nor is its number among others, which
// changes when one of these is made.
type identity struct {
	rule *rules.Rule
	file string
	at   int // offset in the text as it was at first
}

// identityOf returns the identity of a finding's fix, after the rounds of an outcome.
func identityOf(f rules.Finding, done *outcome) identity {
	id := identity{f.Rule, f.Span.File.Name, f.Span.Start}
	for _, round := range slices.Backward(done.rounds) {
		if p, changed := round[id.file]; changed {
			id.at = p.Before(id.at)
		}
	}
	return id
}
