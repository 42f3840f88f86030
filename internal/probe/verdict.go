package probe

import (
	"cmp"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A Case is everything that is known. The verdict follows from it alone.
type Case struct {
	Through *Inquiry
	Direct  *Inquiry // nil if it was not tested
	Zone    *Zone    // of Cloudflare; nil if it was not queried
	Place   *Place   // in the configuration; nil if there is none
}

// A Row of the table is a cause and its conditions.
type Row struct {
	Name  string
	Seen  string // what must be seen, in words, for the docs page
	Cause *cause.Cause
	judge func(*Case) opinion
}

// An opinion is how sure a row is, out of 100, and why. 0 means that it does not
// apply.
type opinion struct {
	weight   int
	evidence []string
}

// The weights that rows use.
const (
	proven   = 95 // nothing else looks like it
	likely   = 70
	possible = 40
	faint    = 20
)

func is(weight int, evidence ...string) opinion { return opinion{weight, evidence} }

var no = opinion{}

// A Suspect is a possible cause with its evidence.
type Suspect struct {
	Row      *Row
	Weight   int
	Evidence []string
	Findings []rules.Finding // of the cause's rules, at the place
}

// Sure says in one word how sure a suspect is.
func (s Suspect) Sure() string {
	switch {
	case s.Weight >= proven:
		return "certain"
	case s.Weight >= likely:
		return "likely"
	}
	return "possible"
}

// A Verdict says whether everything works and, if not, what is probably wrong.
type Verdict struct {
	Good     bool
	Suspects []Suspect // the most likely first; empty if nothing fits
	Hops     []Hop
}

// maxSuspects limits the number of causes in a verdict.
const maxSuspects = 4

// Judge returns the verdict on a case.
func Judge(c *Case) Verdict {
	v := Verdict{Good: c.good(), Hops: c.Through.hops()}
	byCause := make(map[*cause.Cause]int)
	for i := range Rows {
		r := &Rows[i]
		o := r.judge(c)
		if o.weight == 0 || v.Good && r.Cause.Layer != cause.Client && r.Cause != cause.ForcedUpgrade {
			continue // if everything works, a verdict is only a hint
		}
		s := Suspect{Row: r, Weight: o.weight, Evidence: o.evidence, Findings: c.Place.Found(r.Cause)}
		c.weigh(&s)
		if at, ok := byCause[r.Cause]; ok { // one cause with two pieces of evidence
			if other := &v.Suspects[at]; s.Weight > other.Weight {
				*other = s
			}
			continue
		}
		byCause[r.Cause] = len(v.Suspects)
		v.Suspects = append(v.Suspects, s)
	}
	slices.SortStableFunc(v.Suspects, func(a, b Suspect) int { return cmp.Compare(b.Weight, a.Weight) })
	v.Suspects = v.Suspects[:min(len(v.Suspects), maxSuspects)]
	return v
}

// weigh uses the configuration: a finding at the place supports a cause. If the model
// says that the handshake passes, that weakens the causes in nginx that a rule would
// have found.
func (c *Case) weigh(s *Suspect) {
	switch {
	case c.Place == nil || len(s.Row.Cause.Rules) == 0 || s.Weight >= proven:
	case len(s.Findings) > 0 && s.Findings[0].Severity > rules.Info:
		s.Weight += 25
	case len(s.Findings) > 0:
		s.Weight += 10
	case s.Row.Cause.Layer == cause.Nginx:
		s.Weight = max(1, s.Weight-25)
	}
}

// good reports whether every required exchange succeeded, in both inquiries.
func (c *Case) good() bool {
	for _, q := range []*Inquiry{c.Through, c.Direct} {
		if q == nil {
			continue
		}
		for _, a := range q.Answers {
			if a.Demanded() && !a.OK() {
				return false
			}
		}
	}
	return c.Zone == nil || c.Zone.Value != "off"
}
