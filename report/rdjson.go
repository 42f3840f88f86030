package report

import (
	"io"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// The Reviewdog Diagnostic Format: proto/rdf/reviewdog.proto.
type (
	rdDocument struct {
		Source      rdSource       `json:"source"`
		Diagnostics []rdDiagnostic `json:"diagnostics"`
	}
	rdSource struct {
		Name string `json:"name"`
		URL  string `json:"url"`
	}
	rdDiagnostic struct {
		Message     string         `json:"message"`
		Location    rdLocation     `json:"location"`
		Severity    string         `json:"severity"`
		Code        rdCode         `json:"code"`
		Suggestions []rdSuggestion `json:"suggestions,omitempty"`
		Related     []rdRelated    `json:"related_locations,omitempty"`
	}
	rdCode struct {
		Value string `json:"value"`
		URL   string `json:"url"`
	}
	rdLocation struct {
		Path  string  `json:"path"`
		Range rdRange `json:"range"`
	}
	rdRange struct {
		Start rdPosition `json:"start"`
		End   rdPosition `json:"end"`
	}
	rdPosition struct {
		Line   int `json:"line"`
		Column int `json:"column"`
	}
	rdSuggestion struct {
		Range rdRange `json:"range"`
		Text  string  `json:"text"`
	}
	rdRelated struct {
		Message  string     `json:"message"`
		Location rdLocation `json:"location"`
	}
)

var rdSeverity = map[rules.Severity]string{rules.Error: "ERROR", rules.Warning: "WARNING", rules.Info: "INFO"}

// RDJSON writes reviewdog's input. Its columns count bytes, as ours do.
func RDJSON(w io.Writer, res *lint.Result, opt Options) error {
	doc := rdDocument{rdSource{"nginx-ws-lint", homepage}, []rdDiagnostic{}}
	for _, f := range res.Findings {
		d := rdDiagnostic{
			Message: Clean(f.Message), Location: opt.rdLocation(f.Span), Severity: rdSeverity[f.Severity],
			Code: rdCode{f.Rule.Name, opt.url(f.Rule)}, Suggestions: suggestions(f),
		}
		for _, r := range f.Related {
			d.Related = append(d.Related, rdRelated{Clean(r.Message), opt.rdLocation(r.Span)})
		}
		doc.Diagnostics = append(doc.Diagnostics, d)
	}
	return writeJSON(w, doc)
}

// suggestions returns the fixes that a reviewer can accept with a click. Each
// suggestion is accepted separately and lies in the finding's file, but a fix is
// applied as a whole. So a fix is one suggestion or none.
func suggestions(f rules.Finding) []rdSuggestion {
	var all []rdSuggestion
	for _, fix := range f.Fixes {
		files, ok := changes(fix)
		if !ok || fix.Safety != fixer.Safe || len(files) > 1 || files[0][0].Span.File != f.Span.File {
			continue
		}
		if e, ok := whole(files[0]); ok {
			all = append(all, rdSuggestion{rdRangeOf(e.Span), e.New})
		}
	}
	return all
}

func (opt Options) rdLocation(s parser.Span) rdLocation {
	return rdLocation{opt.Shown(s.File.Name), rdRangeOf(s)}
}

func rdRangeOf(s parser.Span) rdRange {
	r := byteRegion(s)
	return rdRange{rdPosition{r.StartLine, r.StartColumn}, rdPosition{r.EndLine, r.EndColumn}}
}
