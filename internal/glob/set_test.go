package glob

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
)

// matches asks a set of one pattern.
func matches(p Pattern, name string) bool {
	return NewSet([]Pattern{p}).Any(name, NewBudget(1<<40))
}

func TestSetTellsWhich(t *testing.T) {
	var patterns []Pattern
	for _, text := range []string{"*.conf", "a/b.conf", "a/**", "b*", "*.conf", "a/[a-c].conf"} {
		p, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		patterns = append(patterns, p)
	}
	if got, want := NewSet(patterns).Match("a/b.conf", NewBudget(1000)), []int{0, 1, 2, 3, 4, 5}; !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
	if got := NewSet(nil).Match("a", NewBudget(1000)); got != nil {
		t.Errorf("no pattern: %v", got)
	}
}

// TestSetGrowth: twice as many patterns need at most twice the steps, and most need
// far fewer, because common beginnings are matched once.
func TestSetGrowth(t *testing.T) {
	name := strings.Repeat("aaaaaaaaaaaaaaaa/", 60) + "c"
	for _, format := range []string{"a%d*b*c", "**/*a*%d", "%d", "*%d*x", "[a-z]%d*", "?%d", "**/%d/**/a"} {
		steps := func(n int) int64 {
			var all []Pattern
			for i := range n {
				p, err := Parse(fmt.Sprintf(format, i))
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, p)
			}
			b := NewBudget(1 << 40)
			NewSet(all).Match(name, b)
			return 1<<40 - b.Left()
		}
		if few, many := steps(1000), steps(2000); many > few*5/2+1000 {
			t.Errorf("%s: %d steps for 1000, %d for 2000", format, few, many)
		}
	}
}

// TestSetBudget: matching that would take too long ends when the budget does.
func TestSetBudget(t *testing.T) {
	var all []Pattern
	for i := range 3000 {
		p, _ := Parse(fmt.Sprintf("**/*%c*x", rune(0x4e00+i)))
		all = append(all, p)
	}
	s, b := NewSet(all), NewBudget(100_000)
	for range 100 {
		s.Any(strings.Repeat("a", 2000), b)
	}
	if !b.Exhausted() || b.Left() < -100_000 {
		t.Errorf("%d steps are left", b.Left())
	}
}

// doublestarMatches returns the library's result, which the patterns follow. A
// trailing /** also matches nothing. The library matches a with a/**, but not with
// a*/** or a/**/**, so the test also tries the pattern without the trailing ones.
func doublestarMatches(p Pattern, name string) bool {
	text := p.text
	for ok := true; ok; text, ok = strings.CutSuffix(text, "/**") {
		if doublestar.MatchUnvalidated(text, name) || doublestar.MatchUnvalidated(text+"/**", name) {
			return true
		}
	}
	return false
}

// readOtherwise reports whether the library interprets a pattern differently: here a
// class never contains a slash, several stars are one (the library takes very long
// with many), settings are UTF-8, and TestRanges covers ranges.
func readOtherwise(pattern, name string) bool {
	class := strings.Contains(pattern, "[")
	return class && strings.ContainsAny(name+pattern, "/-") || strings.Contains(pattern, "***") || strings.Count(pattern, "*") > 12 ||
		!utf8.ValidString(pattern) || strings.Contains(pattern, `\/`)
}

func TestRanges(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"[b-d]", "c", true}, {"[b-d]", "e", false}, {"[!b-d]", "e", true}, {"[^b-d]", "c", false}, {"x[0-9]y/z", "x7y/z", true}, {"[d-b]", "c", false}, {"[a-]", "-", true},
	} {
		p, err := Parse(c.pattern)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
		} else if got := matches(p, c.name); got != c.want {
			t.Errorf("%s matches %s: %v", c.pattern, c.name, got)
		}
	}
}

func FuzzMatch(f *testing.F) {
	for _, seed := range [][2]string{
		{"**/*a*/b", "a/a/a/c"}, {"[a-", "a"}, {"a/**/b", "a/b"}, {"**/a/**/b*/c?", "x/a/y/bb/cd"}, {"a**b/**", "axb/c"},
		{"[!a]x[b-d]", "bxc"}, {`\*\[a`, "*[a"}, {"***/a", "b/a"}, {"a/***/b", "a/c/b"}, {"ä?*", "äöü"}, {"*/**/*", "a/b"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, name string) {
		p, err := Parse(pattern)
		if err != nil || name == "" || path.Clean("/"+name) != "/"+name || readOtherwise(pattern, name) {
			return
		}
		if got, want := matches(p, name), doublestarMatches(p, name); got != want {
			t.Errorf("%q (%q) matches %q: %v, the library says %v", pattern, p.text, name, got, want)
		}
	})
}
