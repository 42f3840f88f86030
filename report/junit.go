package report

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

type (
	junitDocument struct {
		XMLName xml.Name `xml:"testsuites"`
		Name    string   `xml:"name,attr"`
		junitCounts
		Suites []*junitSuite `xml:"testsuite"`

		named map[string]*junitSuite
	}
	junitSuite struct {
		Name string `xml:"name,attr"`
		junitCounts
		Cases []junitCase `xml:"testcase"`
	}
	junitCounts struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitOutcome `xml:"failure"`
		Error   *junitOutcome `xml:"error"`
		Skipped *junitOutcome `xml:"skipped"`
		Output  string        `xml:"system-out,omitempty"`
	}
	junitOutcome struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes JUnit's XML, with a suite for each file. Each finding is a failed
// test. Advice is a passed test that printed something, and a file without findings
// is a passed test. What was suppressed or not read is skipped, or is an error if the
// user named it.
func JUnit(w io.Writer, res *lint.Result, opt Options) error {
	doc := &junitDocument{Name: "nginx-ws-lint", named: make(map[string]*junitSuite)}
	for _, f := range res.Files {
		doc.suite(opt.Shown(f.Name))
	}
	for _, f := range res.Findings {
		doc.add(f, opt, junitFailed)
	}
	for _, s := range suppressed(res, opt) {
		doc.add(s.Finding, opt, func(c *junitCase, _ rules.Finding) {
			c.Skipped = &junitOutcome{Message: strings.TrimSuffix("suppressed: "+Clean(s.Reason), ": ")}
		})
	}
	for _, n := range res.Notes {
		doc.note(n, opt)
	}
	for _, s := range doc.Suites {
		if len(s.Cases) == 0 {
			s.Cases = []junitCase{{Name: "nginx-ws-lint", Class: s.Name, File: s.Name}}
		}
		s.count()
		doc.sum(s.junitCounts)
	}
	return writeXML(w, doc)
}

// suite returns the suite of a file, by its shown name.
func (d *junitDocument) suite(name string) *junitSuite {
	name = Clean(name)
	s, ok := d.named[name]
	if !ok {
		s = &junitSuite{Name: name}
		d.named[name] = s
		d.Suites = append(d.Suites, s)
	}
	return s
}

func (d *junitDocument) add(f rules.Finding, opt Options, outcome func(*junitCase, rules.Finding)) {
	s := d.suite(opt.Shown(f.Span.File.Name))
	at := f.Span.File.Position(f.Span.Start)
	c := junitCase{Name: f.Rule.Name, Class: fmt.Sprintf("%s:%s", s.Name, at), File: s.Name, Line: at.Line}
	outcome(&c, f)
	s.Cases = append(s.Cases, c)
}

func junitFailed(c *junitCase, f rules.Finding) {
	text := fmt.Sprintf("%s: %s: %s", c.Class, f.Severity, withFixes(f))
	if f.Severity == rules.Info {
		c.Output = text
		return
	}
	c.Failure = &junitOutcome{Clean(f.Message), f.Severity.String(), text}
}

func (d *junitDocument) note(n lint.Note, opt Options) {
	s := d.suite(cmp.Or(noteName(n, opt), d.Name))
	c := junitCase{Name: "not read", Class: s.Name}
	if outcome := (&junitOutcome{Message: Note(n, opt)}); n.Trouble {
		c.Error = outcome
	} else {
		c.Skipped = outcome
	}
	s.Cases = append(s.Cases, c)
}

func (s *junitSuite) count() {
	for _, c := range s.Cases {
		s.Tests++
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
	}
}

func (n *junitCounts) sum(more junitCounts) {
	n.Tests += more.Tests
	n.Failures += more.Failures
	n.Errors += more.Errors
	n.Skipped += more.Skipped
}
