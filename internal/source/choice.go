package source

import (
	"maps"
	"math/rand/v2"
	"slices"
)

// A Choice decides a rendering: which conditions are true, and which values the holes
// have.
type Choice struct {
	Values int // of the sets of values that Sample knows
	Group  int // of the texts in a host
	truths map[string]bool
	rest   bool // what is true of conditions that are not in truths
}

// All is the rendering with every condition true.
var All = Choice{rest: true}

// Holds reports whether a condition is true.
func (c Choice) Holds(condition string) bool {
	if v, ok := c.truths[condition]; ok {
		return v
	}
	return c.rest
}

// flipped is the number of conditions up to which each is tried by itself.
const flipped = 12

// Choices returns renderings that show what holds in all. With few conditions, any
// three of them are true and false in each combination: all are true, all are false,
// and each is by itself the other way. With many, the rest is drawn, always the same.
// Each arm is in one rendering at least, as far as most allows. Each combination comes
// with each set of values.
func Choices(texts []*Text, most int) []Choice {
	conditions := allConditions(texts)
	all := []Choice{All}
	if len(conditions) > 0 {
		all = append(all, Choice{})
	}
	if len(conditions) <= flipped {
		for _, c := range conditions {
			all = append(all, Choice{truths: map[string]bool{c: false}, rest: true}, Choice{truths: map[string]bool{c: true}})
		}
	}
	for _, t := range texts {
		all = t.cover(t.top, nil, all, most)
	}
	sets := 1
	if slices.ContainsFunc(texts, (*Text).hasValues) {
		sets = Sets
	}
	if len(conditions) > flipped {
		all = drawn(all, conditions, most/sets)
	}
	return withSets(all[:min(len(all), max(1, most/sets))], sets)
}

// hasValues reports whether a text has a tag for which a value is written.
func (t *Text) hasValues() bool {
	return slices.ContainsFunc(t.tags, func(g tag) bool { return g.role == value })
}

// withSets returns each choice with each set of values.
func withSets(choices []Choice, sets int) []Choice {
	all := make([]Choice, 0, sets*len(choices))
	for _, c := range choices {
		for c.Values = range sets {
			all = append(all, c)
		}
	}
	return all
}

func allConditions(texts []*Text) []string {
	var all []string
	seen := make(map[string]bool)
	for _, t := range texts {
		for _, c := range t.conditions {
			if !seen[c] {
				seen[c] = true
				all = append(all, c)
			}
		}
	}
	return all
}

// drawn adds random choices, so that there are as many as wanted.
func drawn(all []Choice, conditions []string, most int) []Choice {
	draw := rand.New(rand.NewPCG(uint64(len(conditions)), 7))
	for i := len(all); i < most; i++ {
		truths := make(map[string]bool, len(conditions))
		for _, c := range conditions {
			truths[c] = draw.IntN(3) > i%2
		}
		all = append(all, Choice{truths: truths, rest: true})
	}
	return all
}

// deepest is how deep regions are nested in which arms are looked for.
const deepest = 20

// cover adds choices for the arms that are in no rendering yet. Needed are the truths
// that the text around requires.
func (t *Text) cover(items []item, needed map[string]bool, all []Choice, most int) []Choice {
	for _, it := range items {
		if len(all) >= most || len(needed) > deepest {
			return all
		}
		if it.region == nil || it.region.hidden {
			continue
		}
		before := maps.Clone(needed)
		if before == nil {
			before = make(map[string]bool)
		}
		for _, a := range it.region.arms {
			if a.never {
				continue
			}
			if len(before) > deepest {
				break
			}
			inside := maps.Clone(before)
			if a.condition != "" {
				inside[a.condition], before[a.condition] = !a.negated, a.negated
			}
			if !slices.ContainsFunc(all, func(c Choice) bool { return c.agrees(inside) }) {
				all = append(all, Choice{truths: inside, rest: true})
			}
			all = t.cover(a.items, inside, all, most)
		}
	}
	return all
}

func (c Choice) agrees(truths map[string]bool) bool {
	for condition, v := range truths {
		if c.Holds(condition) != v {
			return false
		}
	}
	return true
}

// Equal reports whether two choices are the same.
func (c Choice) Equal(d Choice) bool {
	return c.Values == d.Values && c.Group == d.Group && c.rest == d.rest && maps.Equal(c.truths, d.truths)
}
