package lint

import (
	"maps"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// OldFindings are findings of a baseline or a revision. Each suppresses up to Counts
// equal findings. File names in fingerprints are names in the file system.
type OldFindings struct {
	By     Silencer
	Counts map[Fingerprint]int
	Worst  map[Fingerprint]rules.Severity // a finding that is worse is new; nil: severity does not matter

	// Fresh reports whether a file is new. The old findings of a file that no longer
	// exists match findings in a new file, because the file may have been renamed.
	Fresh func(file string) bool
}

// Unmatched is an old finding that does not occur any more.
type Unmatched struct {
	Fingerprint
	By      Silencer
	Count   int
	Settled bool // this run would have found it if it still existed
}

// suppressOld moves old findings from the reported ones to the suppressed ones. If there are
// more equal findings than old ones, the last ones are reported.
func (c *checked) suppressOld(k *OldFindings, j *judge, w *workspace) {
	left := maps.Clone(k.Counts)
	c.moveToSuppressed(k.By, func(f rules.Finding, p Fingerprint) bool {
		if left[p] == 0 || k.worse(f, p) {
			return false
		}
		left[p]--
		return true
	})
	moved := w.moved(left)
	c.moveToSuppressed(k.By, func(f rules.Finding, p Fingerprint) bool {
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

// worse reports whether a finding is more severe than the old one.
func (k *OldFindings) worse(f rules.Finding, p Fingerprint) bool {
	return k.Worst != nil && f.Severity > k.Worst[p]
}

// moved returns the old findings whose files no longer exist, by their fingerprints
// without the file.
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

// moveToSuppressed moves the findings that are old from the reported ones to the suppressed
// ones.
func (c *checked) moveToSuppressed(by Silencer, known func(rules.Finding, Fingerprint) bool) {
	var reported []rules.Finding
	for _, f := range c.findings {
		if known(f, Identify(f, f.Span.File.Name)) {
			c.suppressed = append(c.suppressed, Suppressed{Finding: f, By: by})
			continue
		}
		reported = append(reported, f)
	}
	c.findings = reported
}

// settles returns a function that reports whether this run would have found an old
// finding if it still existed.
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
