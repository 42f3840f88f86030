package probe

import (
	"cmp"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A Case is all that is known: a verdict follows from it and from nothing else.
type Case struct {
	Through *Inquiry
	Direct  *Inquiry // nil where it was not asked
	Zone    *Zone    // of Cloudflare; nil where it was not asked
	Place   *Place   // in the configuration; nil where there is none
}

// A Row of the table says of what it speaks and when.
type Row struct {
	Name  string
	Seen  string // what has to be seen, in words, for the page
	Cause *cause.Cause
	judge func(*Case) opinion
}

// An opinion is how sure a row is, of 100, and why. 0 is that it does not apply.
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

// A Suspect is a cause that fits, with what speaks for it.
type Suspect struct {
	Row      *Row
	Weight   int
	Evidence []string
	Findings []rules.Finding // of the cause's rules, at the place
}

// Sure says how sure a suspect is, in a word.
func (s Suspect) Sure() string {
	switch {
	case s.Weight >= proven:
		return "certain"
	case s.Weight >= likely:
		return "likely"
	}
	return "possible"
}

// A Verdict says whether all is good, and if not, what is probably wrong.
type Verdict struct {
	Good     bool
	Suspects []Suspect // the likeliest first; none where nothing fits
	Hops     []Hop
}

// maxSuspects is how many causes a verdict names at most.
const maxSuspects = 4

// Judge judges.
func Judge(c *Case) Verdict {
	v := Verdict{Good: c.good(), Hops: c.Through.hops()}
	byCause := make(map[*cause.Cause]int)
	for i := range Rows {
		r := &Rows[i]
		o := r.judge(c)
		if o.weight == 0 || v.Good && r.Cause.Layer != cause.Client && r.Cause != cause.ForcedUpgrade {
			continue // a verdict on what is good is a hint at most
		}
		s := Suspect{Row: r, Weight: o.weight, Evidence: o.evidence, Findings: c.Place.Found(r.Cause)}
		c.weigh(&s)
		if at, ok := byCause[r.Cause]; ok { // one cause, told by two things
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

// weigh takes the configuration into account: a finding at the place speaks for
// a cause. A model that passes the handshake speaks against one of nginx's that
// a rule would have found.
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

// good reports whether every demanded exchange was as it should be, of both
// inquiries.
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
