package intent

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// corpus contains other people's configurations. It is not part of the project.
const corpus = "../../../shared/corpus"

// A label is a location and what a reader took it for.
type label struct {
	file      string
	line      int
	webSocket bool
	text      string
}

func readLabels(t *testing.T) []label {
	f, err := os.Open(filepath.Join(corpus, "intent-labels.tsv"))
	if err != nil {
		t.Skip("no corpus: ", err)
	}
	defer f.Close()
	var all []label
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		var l label
		if _, err := fmt.Sscan(fields[1], &l.line); err != nil {
			continue // the head line
		}
		l.file, l.webSocket, l.text = fields[0], fields[4] == "yes", fields[2]+" "+fields[3]
		all = append(all, l)
	}
	return all
}

// A tally counts what a level found at or above it.
type tally struct{ right, wrong, missed int }

func (t tally) precision() float64 { return float64(t.right) / float64(max(1, t.right+t.wrong)) }
func (t tally) recall() float64    { return float64(t.right) / float64(max(1, t.right+t.missed)) }

func (t tally) String() string {
	return fmt.Sprintf("precision %.2f (%d of %d), recall %.2f (%d of %d)",
		t.precision(), t.right, t.right+t.wrong, t.recall(), t.right, t.right+t.missed)
}

func (t *tally) count(webSocket, found bool) {
	switch {
	case webSocket && found:
		t.right++
	case found:
		t.wrong++
	case webSocket:
		t.missed++
	}
}

// measure scores every labelled location, each file by itself.
func measure(t *testing.T, options ...Option) map[Level]*tally {
	tallies := map[Level]*tally{Possible: {}, Likely: {}, Certain: {}}
	for _, l := range readLabels(t) {
		cfg, err := parser.Load(os.DirFS(corpus), l.file, parser.Options{Roots: []string{filepath.Dir(l.file)}})
		if err != nil {
			t.Fatal(err)
		}
		score, found := scored(cfg, options...).at(cfg, l)
		if f := cfg.Files[0]; !found && f.Masked() != nil {
			t.Logf("%s:%d: not in the rendering that was read", l.file, l.line)
			continue
		}
		if !found {
			t.Errorf("%s:%d: no location", l.file, l.line)
		}
		if l.webSocket != (score.Level >= Likely) {
			t.Logf("%v but %v (%d): %s:%d %s: %q", l.webSocket, score.Level, score.Points, l.file, l.line, l.text, score.Reasons)
		}
		for level, tally := range tallies {
			tally.count(l.webSocket, score.Level >= level)
		}
	}
	return tallies
}

func (s *Scorer) at(cfg *parser.Config, l label) (score Score, found bool) {
	cfg.Root.Walk(func(c *parser.Context) bool {
		if c.Name == "location" && c.Opener != nil {
			span := c.Opener.Span()
			if span.File.Name == l.file && span.File.Position(span.Start).Line == l.line {
				score, found = s.Of(c), true
			}
		}
		return true
	})
	return score, found
}

func TestLabelledLocations(t *testing.T) {
	for _, test := range []struct {
		name              string
		options           []Option
		precision, recall float64
	}{
		{"headers visible", nil, 0.95, 0.93},
		{"headers hidden", []Option{HideHeaders}, 1.00, 0.44},
	} {
		t.Run(test.name, func(t *testing.T) {
			tallies := measure(t, test.options...)
			for _, level := range []Level{Certain, Likely, Possible} {
				t.Logf("%-8v %v", level, *tallies[level])
			}
			// The bars are rounded to two digits, as what is compared with them.
			likely := tallies[Likely]
			if likely.precision() < test.precision-0.005 || likely.recall() < test.recall-0.005 {
				t.Errorf("likely: %v; want precision %.2f, recall %.2f", *likely, test.precision, test.recall)
			}
		})
	}
}
