package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/logs"
)

// logTime is the format of times, which are in the time zone of the machine that
// wrote the logs.
const logTime = "2006-01-02 15:04:05"

// LogText writes what was found in logs, one paragraph for each cause.
func LogText(w io.Writer, l *logs.Log, opt Options) error {
	b := bufio.NewWriter(w)
	t := text{b, opt}
	for _, g := range l.Groups {
		t.group(g)
		fmt.Fprintln(b)
	}
	read := fmt.Sprintf("%s read: %d of an error log, %d of an access log, %s opened", Plural(l.Lines, "line"), l.Errors, l.Accesses, Plural(l.Opened, "WebSocket"))
	if len(l.Groups) == 0 {
		read += "; no WebSocket problems found"
	}
	t.wrapped("", "  ", read)
	for _, note := range l.Unseen() {
		t.wrapped("", "  ", "note: "+note)
	}
	return b.Flush()
}

func (t text) group(g *logs.Group) {
	sure := g.Signs[0].Kind.Sure
	t.led("", g.Cause.Name+" ("+string(g.Cause.Layer)+", "+sure+"):", red, g.Cause.What)
	t.led("  ", "seen", "", Plural(g.Count, "time")+between(g.First, g.Last))
	if len(g.Paths) > 0 {
		t.led("  ", "requested:", "", strings.Join(g.Paths, ", "))
	}
	for _, s := range g.Signs {
		t.led("  ", fmt.Sprintf("%s (%d),", s.Kind.Name, s.Count), "", fmt.Sprintf("%s:%d: %s", s.Example.File, s.Example.Line, s.Example.Text))
	}
	if p := g.Place; p != nil {
		at := p.Location.Opener
		t.led("  ", t.place(at.Span())+":", bold, at.Words()+": according to the configuration, the handshake "+p.Model.Outcome.String()+" ("+p.Model.Reason+")")
	}
	if g.Place == nil {
		for _, c := range g.Candidates {
			t.led("  ", t.place(c.Opener.Span())+":", bold, c.Opener.Words()+": possibly this one: the lines do not show the server")
		}
	} else if len(g.Candidates) > 0 {
		t.led("  ", "of", "", fmt.Sprintf("%d possible locations, this one has a finding that explains it", len(g.Candidates)))
	}
	for _, f := range g.Findings {
		t.led("  ", t.place(f.Span)+":", bold, f.Message+" ["+f.Rule.Name+"]")
	}
	if len(g.Findings) == 0 && len(g.Cause.Rules) > 0 {
		var names []string
		for _, r := range g.Cause.Rules {
			names = append(names, r.Name)
		}
		lead := "rules:"
		if g.Place != nil {
			lead = "no finding there by"
		}
		t.led("  ", lead, "", strings.Join(names, ", "))
	}
	t.led("  ", "what to do:", "", g.Cause.Do)
}

// between returns when something was seen.
func between(first, last time.Time) string {
	switch {
	case first.IsZero():
		return ""
	case first.Equal(last):
		return ", " + first.Format(logTime)
	}
	return ", " + first.Format(logTime) + " to " + last.Format(logTime)
}

// The document that LogJSON writes; docs/logs.md has its shape.
type (
	jsonLog struct {
		Version  int        `json:"version"`
		Tool     jsonTool   `json:"tool"`
		Lines    int        `json:"lines"`
		Errors   int        `json:"error_lines"`
		Accesses int        `json:"access_lines"`
		Opened   int        `json:"opened"`
		Notes    []string   `json:"notes"`
		Groups   []jsonSeen `json:"groups"`
	}
	jsonSeen struct {
		Cause    string        `json:"cause"`
		Layer    string        `json:"layer"`
		Sure     string        `json:"sure"`
		What     string        `json:"what"`
		Do       string        `json:"do"`
		Count    int           `json:"count"`
		First    string        `json:"first"`
		Last     string        `json:"last"`
		Paths    []string      `json:"paths"`
		Signs    []jsonSign    `json:"signs"`
		Place    *jsonPlace    `json:"place"`
		Rules    []string      `json:"rules"`
		Findings []jsonFinding `json:"findings"`
	}
	jsonSign struct {
		Kind    string `json:"kind"`
		Sure    string `json:"sure"`
		Count   int    `json:"count"`
		File    string `json:"file"`
		Line    int    `json:"line"`
		Example string `json:"example"`
	}
)

// LogJSON writes one document.
func LogJSON(w io.Writer, l *logs.Log, opt Options) error {
	doc := jsonLog{
		Version: 1, Tool: jsonTool{"nginx-ws-lint", opt.Version}, Lines: l.Lines, Errors: l.Errors, Accesses: l.Accesses, Opened: l.Opened,
		Notes: append([]string{}, l.Unseen()...), Groups: []jsonSeen{},
	}
	for _, g := range l.Groups {
		doc.Groups = append(doc.Groups, seenOf(g, opt))
	}
	return writeJSON(w, doc)
}

func seenOf(g *logs.Group, opt Options) jsonSeen {
	c := g.Cause
	j := jsonSeen{
		Cause: c.Name, Layer: string(c.Layer), Sure: g.Signs[0].Kind.Sure, What: c.What, Do: c.Do, Count: g.Count,
		First: wallClock(g.First), Last: wallClock(g.Last), Paths: append([]string{}, g.Paths...),
		Rules: []string{}, Findings: []jsonFinding{},
	}
	for _, s := range g.Signs {
		j.Signs = append(j.Signs, jsonSign{s.Kind.Name, s.Kind.Sure, s.Count, s.Example.File, s.Example.Line, Clean(s.Example.Text)})
	}
	if g.Place != nil {
		j.Place = placeOf(g.Place, opt)
	}
	for _, r := range c.Rules {
		j.Rules = append(j.Rules, r.Name)
	}
	for _, f := range g.Findings {
		j.Findings = append(j.Findings, jsonOf(f, opt))
	}
	return j
}

// wallClock formats a time without a zone, because an error log has none. "" stands
// for no time.
func wallClock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02T15:04:05")
}
