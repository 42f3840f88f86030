package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A ChangeKind is a kind of change that another version of nginx brings.
type ChangeKind string

// The kinds, the worst first.
const (
	NewlyRefused  ChangeKind = "refused"  // the new version refuses the configuration
	StopsPassing  ChangeKind = "stops"    // a handshake passed and does not any more
	NewlyReported ChangeKind = "reported" // a rule reports it for the new version alone
	NewDefault    ChangeKind = "default"  // a default changes what is sent
	StartsPassing ChangeKind = "starts"   // a handshake did not pass and does now
	NotReported   ChangeKind = "resolved" // a rule reports it for the old version alone
)

var changeKinds = []ChangeKind{NewlyRefused, StopsPassing, NewlyReported, NewDefault, StartsPassing, NotReported}

// A Change is a difference between two versions.
type Change struct {
	Kind     ChangeKind
	Span     parser.Span
	Location string // as written; "" if it is not about one location
	Message  string
	Places   int // the locations that it is about
}

// Harmful reports whether a change may break something that works.
func (c Change) Harmful() bool {
	return c.Kind == NewlyRefused || c.Kind == StopsPassing || c.Kind == NewlyReported
}

// An Upgrade is what changes between two versions of nginx, or of relatives.
type Upgrade struct {
	From, To parser.Version
	Changes  []Change // the worst first, then by place
	Notes    []Note
}

// UnknownVersion is the error if nothing says which version is in use.
type UnknownVersion struct{}

func (UnknownVersion) Error() string {
	return "the version in use is unknown: name it with --from, for example --from 1.26.3"
}

// CompareVersions checks a configuration for two versions and returns what changes. If
// the options name no version, the old one is that of the evidence.
func CompareVersions(opt Options, to parser.Version) (*Upgrade, error) {
	old, err := Run(opt)
	if err != nil {
		return nil, err
	}
	if opt.Version.IsZero() {
		if opt.Version = old.Versions.Min; old.Versions.Open || old.Versions.Max.IsZero() {
			return nil, UnknownVersion{}
		}
		if old, err = Run(opt); err != nil {
			return nil, err
		}
	}
	u := &Upgrade{From: opt.Version, To: to, Notes: old.Notes}
	opt.Version = to
	now, err := Run(opt)
	if err != nil {
		return nil, err
	}
	u.findings(old, now)
	u.handshakes(old, now)
	slices.SortStableFunc(u.Changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(slices.Index(changeKinds, a.Kind), slices.Index(changeKinds, b.Kind)),
			cmp.Compare(a.Span.File.Name, b.Span.File.Name), cmp.Compare(a.Span.Start, b.Span.Start))
	})
	return u, nil
}

// A foundAt is where a rule reports something, in whatever run.
type foundAt struct {
	rule, file string
	start      int
}

func locate(f rules.Finding) foundAt { return foundAt{f.Rule.Name, f.Span.File.Name, f.Span.Start} }

// findings compares what the rules report.
func (u *Upgrade) findings(old, now *Result) {
	before, after := make(map[foundAt]bool), make(map[foundAt]bool)
	for _, f := range old.Findings {
		before[locate(f)] = true
	}
	for _, f := range now.Findings {
		after[locate(f)] = true
		if before[locate(f)] {
			continue
		}
		kind := NewlyReported
		if f.Severity == rules.Info {
			continue
		}
		if strings.Contains(f.Message, "refuses the configuration") {
			kind = NewlyRefused
		}
		u.Changes = append(u.Changes, Change{Kind: kind, Span: f.Span, Message: f.Message + " [" + f.Rule.Name + "]", Places: 1})
	}
	for _, f := range old.Findings {
		if !after[locate(f)] && f.Severity > rules.Info {
			u.Changes = append(u.Changes, Change{Kind: NotReported, Span: f.Span, Message: f.Message + " [" + f.Rule.Name + "]", Places: 1})
		}
	}
}

// handshakes compares what becomes of a handshake and what is sent, at each location
// that proxies.
func (u *Upgrade) handshakes(old, now *Result) {
	defaults := make(map[string]int) // by message: the index of the change
	seen := make(map[*parser.Directive]bool)
	for _, m := range now.Configs {
		t := rules.NewTree(m, rules.Settings{Versions: parser.Only(u.To), Intent: now.intent})
		for _, l := range proxied(t) {
			if l.Opener == nil || seen[l.Opener] || now.policy.leavesOut(l.Opener.Span().File) {
				continue
			}
			seen[l.Opener] = true
			u.location(l)
			for _, message := range u.defaults(l) {
				if i, known := defaults[message]; known {
					u.Changes[i].Places++
					continue
				}
				defaults[message] = len(u.Changes)
				u.Changes = append(u.Changes, Change{Kind: NewDefault, Span: l.Request.Pass.Span(), Location: l.Opener.Words(), Message: message, Places: 1})
			}
		}
	}
}

// location compares the outcome of a handshake.
func (u *Upgrade) location(l *rules.Location) {
	if l.Score.Level == intent.None {
		return
	}
	before, after := l.Tree.Request(l.Context, model.WebSocket, u.From).Handshake(), l.Tree.Request(l.Context, model.WebSocket, u.To).Handshake()
	c := Change{Span: l.Opener.NameWord().Span(), Location: l.Opener.Words(), Places: 1}
	switch {
	case before.Outcome == model.Passes && after.Outcome != model.Passes:
		c.Kind, c.Message = StopsPassing, fmt.Sprintf("handshakes pass on %s; on %s: %s", u.From.Title(), u.To.Title(), after.Reason)
	case before.Outcome != model.Passes && after.Outcome == model.Passes:
		c.Kind, c.Message = StartsPassing, fmt.Sprintf("handshakes pass on %s; on %s: %s", u.To.Title(), u.From.Title(), before.Reason)
	default:
		return
	}
	u.Changes = append(u.Changes, c)
}

// defaults returns which defaults change for the requests of a location.
func (u *Upgrade) defaults(l *rules.Location) (all []string) {
	if l.Request.Pass == nil || !l.Request.Pass.Is("proxy_pass") {
		return nil
	}
	old, now := l.Tree.Request(l.Context, model.Plain, u.From), l.Tree.Request(l.Context, model.Plain, u.To)
	if old.HTTP != now.HTTP {
		all = append(all, fmt.Sprintf("requests go upstream as HTTP/%s instead of HTTP/%s: proxy_http_version has another default", now.HTTP, old.HTTP))
	}
	for _, name := range []string{"Connection", "Host"} {
		before, after := sent(old.All(name)), sent(now.All(name))
		if before != after {
			all = append(all, fmt.Sprintf("plain requests carry %s instead of %s", shownLines(name, after), shownLines(name, before)))
		}
	}
	keeps := func(v parser.Version) bool { return v.Has(parser.KeptByDefault) }
	if up := now.Upstream(); up != nil && up.First("keepalive") == nil && keeps(u.From) != keeps(u.To) {
		if keeps(u.To) {
			return append(all, "connections to upstream blocks are kept, even without a keepalive directive")
		}
		all = append(all, "connections to upstream blocks without a keepalive directive are not kept any more")
	}
	return all
}

// sent joins the values of header lines.
func sent(lines []model.Header) string {
	var values []string
	for _, h := range lines {
		values = append(values, h.Value.Text)
	}
	return strings.Join(values, "\n")
}

// shownLines shows header lines with the same name.
func shownLines(name, values string) string {
	if values == "" {
		return "no " + name
	}
	return fmt.Sprintf("%q", name+": "+strings.ReplaceAll(values, "\n", "\", \""+name+": "))
}
