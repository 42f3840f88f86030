package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"

	"github.com/reviewdog/reviewdog/proto/rdf"
)

// valid checks that a document is what its format says.
func valid(t testing.TB, name string, doc []byte) {
	t.Helper()
	switch name {
	case "json":
		strictJSON(t, doc, &jsonDocument{})
	case "sarif":
		strictJSON(t, doc, &sarifLog{})
	case "gitlab":
		var issues []gitlabIssue
		strictJSON(t, doc, &issues)
		seen := make(map[string]bool)
		for _, i := range issues {
			if seen[i.Fingerprint] || i.Description == "" || i.Location.Path == "" || i.Location.Lines.Begin < 1 ||
				!slices.Contains([]string{"info", "minor", "major", "critical", "blocker"}, i.Severity) {
				t.Errorf("gitlab: %+v", i)
			}
			seen[i.Fingerprint] = true
		}
	case "rdjson":
		if err := protojson.Unmarshal(doc, &rdf.DiagnosticResult{}); err != nil { // no unknown fields
			t.Errorf("rdjson: %v", err)
		}
	case "checkstyle":
		wellFormed(t, doc, "checkstyle", map[string]string{"file": "name", "error": "column line message severity source"})
	case "junit":
		wellFormed(t, doc, "testsuites", map[string]string{
			"testsuite": "errors failures name skipped tests", "testcase": "classname file line name",
			"failure": "message type", "error": "message", "skipped": "message", "system-out": "",
		})
	case "markdown":
		validMarkdown(t, doc)
	case "github":
		for _, line := range strings.Split(strings.TrimSuffix(string(doc), "\n"), "\n") {
			if _, ok := runnerCommand(line); !ok && len(doc) > 0 {
				t.Errorf("github: the runner does not take %q", line)
			}
		}
	}
}

func strictJSON(t testing.TB, doc []byte, into any) {
	t.Helper()
	if i := bytes.IndexFunc(doc, func(r rune) bool { return r != '\n' && hidden(r) }); i >= 0 {
		t.Errorf("a hidden character at %d: %q", i, doc[i:min(i+20, len(doc))])
	}
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		t.Errorf("%v in %s", err, doc)
	}
	if _, err := dec.Token(); err != io.EOF {
		t.Errorf("something behind the document: %v", err)
	}
}

// wellFormed reads XML strictly and checks that it contains only the given elements
// and attributes.
func wellFormed(t testing.TB, doc []byte, root string, elements map[string]string) {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(doc))
	for depth := 0; ; {
		token, err := dec.Token()
		if err == io.EOF && depth == 0 {
			return
		}
		if err != nil {
			t.Fatalf("%v in %s", err, doc)
		}
		switch e := token.(type) {
		case xml.StartElement:
			depth++
			if depth == 1 && e.Name.Local == root {
				continue
			}
			known, ok := elements[e.Name.Local]
			if !ok || depth == 1 {
				t.Errorf("the element %s", e.Name.Local)
			}
			for _, a := range e.Attr {
				if !slices.Contains(strings.Fields(known), a.Name.Local) {
					t.Errorf("the attribute %s of %s", a.Name.Local, e.Name.Local)
				}
			}
		case xml.EndElement:
			depth--
		case xml.Directive, xml.Comment:
			t.Errorf("%T", token)
		}
	}
}

// runnerCommand reads a line of the log as the runner of an Action does:
// actions/runner, src/Runner.Common/ActionCommand.cs.
func runnerCommand(line string) (command map[string]string, ok bool) {
	line = strings.TrimSpace(line)
	if !strings.HasPrefix(line, "::") {
		return nil, false
	}
	head, data, ok := strings.Cut(line[2:], "::")
	if !ok {
		return nil, false
	}
	name, properties, _ := strings.Cut(head, " ")
	if !slices.Contains([]string{"error", "warning", "notice"}, name) {
		return nil, false
	}
	back := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
	command = map[string]string{"command": name, "data": strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%").Replace(data)}
	for _, p := range strings.Split(strings.TrimSpace(properties), ",") {
		if key, value, ok := strings.Cut(p, "="); ok {
			command[key] = back.Replace(value)
		}
	}
	return command, true
}
