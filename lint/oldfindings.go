package lint

import (
	"maps"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// OldFindings are findings that are old: they are silent, as often as they are known.
// Fingerprints have files by their names in the file system.
type OldFindings struct {
	By     Silencer
	Counts map[Fingerprint]int
	Worst  map[Fingerprint]rules.Severity // a finding that is worse is new; nil: however bad it is, it is known

	// A file that was renamed takes its findings along: those of a file that is
	// gone stand for the same ones in a file that is fresh.
	Fresh func(file string) bool
}

// Unmatched is a known finding that was not found.
type Unmatched struct {
	Fingerprint
	By      Silencer
	Count   int
	Settled bool // this run would have found it again, were it still there
}

// take moves findings that are known from those that are told to the suppressed
// ones. Where equal ones are more than is known, the last ones are told.
func (c *checked) take(k *OldFindings, j *judge, w *workspace) {
	left := maps.Clone(k.Counts)
	c.silence(k.By, func(f rules.Finding, p Fingerprint) bool {
		if left[p] == 0 || k.worse(f, p) {
			return false
		}
		left[p]--
		return true
	})
	moved := w.moved(left)
	c.silence(k.By, func(f rules.Finding, p Fingerprint) bool {
		all := moved[p.anywhere()]
		i := slices.IndexFunc(all, func(old Fingerprint) bool { return left[old] > 0 && !k.worse(f, old) })
		if i < 0 || !k.Fresh(p.File) {
			return false
		}
		left[all[i]]--
		return true
	})
	settled := w.settles(j)
	for p, n := range left {
		if n > 0 {
			c.unmatched = append(c.unmatched, Unmatched{p, k.By, n, settled(p)})
		}
	}
	slices.SortFunc(c.unmatched, func(a, b Unmatched) int { return a.Compare(b.Fingerprint) })
}

// worse reports whether a finding is worse than it was.
func (k *OldFindings) worse(f rules.Finding, p Fingerprint) bool {
	return k.Worst != nil && f.Severity > k.Worst[p]
}

// moved are those of the known findings whose files are gone, by what is known
// of them without the file.
func (w *workspace) moved(left map[Fingerprint]int) map[Fingerprint][]Fingerprint {
	moved := make(map[Fingerprint][]Fingerprint)
	for p, n := range left {
		if n > 0 && w.gone(p.File) {
			moved[p.anywhere()] = append(moved[p.anywhere()], p)
		}
	}
	for _, all := range moved {
		slices.SortFunc(all, Fingerprint.Compare)
	}
	return moved
}

func (w *workspace) gone(file string) bool {
	_, err := w.files.Stat(file)
	return err != nil
}

// silence moves the findings that are known from those that are told to the
// suppressed ones.
func (c *checked) silence(by Silencer, known func(rules.Finding, Fingerprint) bool) {
	var told []rules.Finding
	for _, f := range c.findings {
		if known(f, Identify(f, f.Span.File.Name)) {
			c.suppressed = append(c.suppressed, Suppressed{Finding: f, By: by})
			continue
		}
		told = append(told, f)
	}
	c.findings = told
}

// settles returns what reports whether this run would have found a known finding
// again, were it still there.
func (w *workspace) settles(j *judge) func(Fingerprint) bool {
	byName := make(map[string]*parser.File)
	for _, f := range w.allFiles() {
		byName[f.Name] = f
	}
	return func(p Fingerprint) bool {
		rule, err := rules.Find(p.Rule)
		f := byName[p.File]
		switch {
		case err != nil:
			return true // of another version
		case f != nil:
			return w.judged(f) && j.runs(rule, f)
		}
		return w.inRoots(p.File) && w.gone(p.File)
	}
}
