package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/probe"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/secret"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// A Probed is everything that a probe has to report.
type Probed struct {
	*probe.Case
	probe.Verdict
	Patches []fixer.Patch    // that fix the first suspect
	Unsafe  bool             // the patches change plain requests
	Config  string           // the configuration that was read, as the user named it; "" for none
	Route   *lint.RouteEntry // of Kubernetes that serves the URL, or nil

	DiffName   func(name string) string // a file's name in the patches
	HowToApply string                   // where to apply the patches, if not in the current directory
}

// ProbeText writes the requests and answers, then the verdict.
func ProbeText(w io.Writer, p Probed, opt Options) error {
	b := bufio.NewWriter(w)
	t := text{b, opt}
	t.inquiry(p.Through)
	if p.Direct != nil {
		fmt.Fprintln(b)
		t.inquiry(p.Direct)
	}
	if len(p.Hops) > 0 {
		var hops []string
		for _, h := range p.Hops {
			hops = append(hops, h.Name+" ("+h.Mark+")")
		}
		t.led("", "hops:", "", strings.Join(hops, ", "))
	}
	if p.Zone != nil {
		t.wrapped("", "  ", "Cloudflare's API: WebSockets are "+p.Zone.Value+" in zone "+p.Zone.ID)
	}
	t.placed(p)
	fmt.Fprintln(b)
	t.verdict(p)
	return b.Flush()
}

// inquiry writes the table of one URL.
func (t text) inquiry(q *probe.Inquiry) {
	fmt.Fprintln(t.w, t.paint(bold, Clean(secret.Hide(q.URL.Redacted()))))
	asked, first := 0, ""
	for _, a := range q.Answers {
		asked = max(asked, width(a.Asked))
	}
	for i, a := range q.Answers {
		said := a.Describe()
		switch {
		case i == 0:
			first = said
		case said == first:
			said = "the same as the handshake"
		}
		t.hanging(fmt.Sprintf("  %s %-*s ", t.mark(a), asked, Clean(a.Asked)), 6+asked, said)
	}
}

// mark returns whether an answer is good, bad or neutral.
func (t text) mark(a *probe.Answer) string {
	switch {
	case a.OK():
		return t.paint(green, "ok")
	case a.Demanded():
		return t.paint(red, "no")
	}
	return t.paint(faint, "- ")
}

// led writes a text after a short lead, in lines of the terminal's width. All but the
// first are indented by two more cells.
func (t text) led(indent, lead, color, s string) {
	rest := indent + "  "
	for i, line := range Wrap(lead+" "+Clean(secret.Hide(s)), t.room(len(rest))) {
		if i > 0 {
			fmt.Fprintln(t.w, rest+line)
			continue
		}
		if after, ok := strings.CutPrefix(line, lead); ok && color != "" {
			line = t.paint(color, lead) + after
		}
		fmt.Fprintln(t.w, indent+line)
	}
}

// hanging writes a text after a lead that occupies so many cells.
func (t text) hanging(lead string, cells int, s string) {
	for _, line := range Wrap(Clean(secret.Hide(s)), t.room(cells)) {
		fmt.Fprintln(t.w, strings.TrimRight(lead+line, " "))
		lead = strings.Repeat(" ", cells)
	}
}

// placed writes what the configuration does with the handshake.
func (t text) placed(p Probed) {
	switch {
	case p.Config == "":
		return
	case p.Route != nil:
		t.routed(p)
		return
	case p.Place == nil:
		t.wrapped("", "  ", p.Config+": no server of this configuration matches "+p.Through.URL.Host)
		return
	}
	at := p.Place.Location
	where := p.Config
	if at.Opener != nil {
		where = t.place(at.Opener.Span()) + ": " + at.Opener.Words()
	}
	t.wrapped("", "  ", where+": according to the configuration, the handshake "+p.Place.Model.Outcome.String()+" ("+p.Place.Model.Reason+")")
	switch {
	case p.Place.ByPort && (p.Place.ByName || len(p.Place.Server.ServerNames()) == 0):
	case p.Place.ByPort:
		t.wrapped("  ", "  ", "found by its port only: no server there has that name, so the default server answers")
	case p.Place.ByName:
		t.wrapped("  ", "  ", "found by its name only: no server of this configuration listens on that port")
	default:
		t.wrapped("  ", "  ", "found because it is the only server: it has neither that port nor that name")
	}
}

// routed writes what the controller does with the handshake, and what is reported of the
// route.
func (t text) routed(p Probed) {
	e := p.Route
	said := t.place(e.At) + ": " + routeName(*e) + ": according to the manifests, the handshake " + e.Handshake.Outcome.String() + " (" + e.Handshake.Reason + ")"
	if e.Timeout != "" {
		said += "; proxy_read_timeout is " + e.Timeout
	}
	t.wrapped("", "  ", said)
	for _, f := range e.Findings {
		t.led("  ", t.place(f.Span)+":", bold, f.Message+" ["+f.Rule.Name+"]")
	}
}

// verdict writes the conclusion.
func (t text) verdict(p Probed) {
	if p.Good {
		fmt.Fprintln(t.w, t.paint(green, "all is well"))
		if p.Through.Of(probe.Hold) == nil {
			t.wrapped("  ", "  ", "If connections drop after a minute or so: --hold 75s keeps one idle, and shows who cuts it.")
		}
		for _, s := range p.Suspects {
			t.wrapped("  ", "  ", "If it still fails in a browser:  "+lower(s.Row.Cause.Do))
		}
		return
	}
	if len(p.Suspects) == 0 {
		t.wrapped("", "  ", "no verdict: the evidence fits several causes or none")
		return
	}
	s := p.Suspects[0]
	c := s.Row.Cause
	t.led("", "verdict ("+string(c.Layer)+", "+s.Sure()+"):", red, c.What)
	t.evidence(p, s)
	t.led("  ", "what to do:", "", c.Do)
	if to := p.Place.DirectURL(p.Through.URL); p.Direct == nil && to != "" && s.Sure() != "certain" {
		t.led("  ", "to be surer:", "", "--direct "+to)
	}
	t.patches(p)
	if len(p.Suspects) > 1 {
		fmt.Fprintln(t.w)
		fmt.Fprintln(t.w, "other possible causes:")
	}
	for _, s := range p.Suspects[min(1, len(p.Suspects)):] {
		t.led("  ", string(s.Row.Cause.Layer)+", "+s.Sure()+":", "", s.Row.Cause.What)
	}
}

func (t text) evidence(p Probed, s probe.Suspect) {
	for _, e := range s.Evidence {
		t.led("  ", "because", "", e)
	}
	for _, f := range s.Findings {
		t.led("  ", t.place(f.Span)+":", bold, f.Message+" ["+f.Rule.Name+"]")
	}
	if len(s.Findings) == 0 && len(s.Row.Cause.Rules) > 0 {
		var names []string
		for _, r := range s.Row.Cause.Rules {
			names = append(names, r.Name)
		}
		t.led("  ", "rules:", "", strings.Join(names, ", "))
		if p.Config == "" {
			t.wrapped("  ", "  ", "--config-path /etc/nginx shows which one it is, and where")
		}
	}
}

// patches prints the diff that fixes the first suspect, as --diff prints it.
func (t text) patches(p Probed) {
	if len(p.Patches) == 0 {
		return
	}
	which := "apply it with git apply; nginx-ws-lint --fix applies it and all other fixes"
	if p.Unsafe {
		which = "it may also change plain requests; apply it with git apply"
	}
	if p.HowToApply != "" {
		which = p.HowToApply
	}
	t.led("  ", "patch:", green, which)
	for _, patch := range p.Patches { // not indented, because git apply would not find it
		name := p.DiffName(patch.File.Name)
		io.WriteString(t.w, t.diff(CleanDiff(patch.Diff("a/"+name, "b/"+name))))
	}
}

func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }
