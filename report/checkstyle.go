package report

import (
	"encoding/xml"
	"io"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

type (
	checkstyleDocument struct {
		XMLName xml.Name         `xml:"checkstyle"`
		Version string           `xml:"version,attr"`
		Files   []checkstyleFile `xml:"file"`
	}
	checkstyleFile struct {
		Name   string            `xml:"name,attr"`
		Errors []checkstyleError `xml:"error"`
	}
	checkstyleError struct {
		Line     int    `xml:"line,attr"`
		Column   int    `xml:"column,attr"`
		Severity string `xml:"severity,attr"`
		Message  string `xml:"message,attr"`
		Source   string `xml:"source,attr"`
	}
)

// Checkstyle writes Checkstyle's XML, which many programs read.
func Checkstyle(w io.Writer, res *lint.Result, opt Options) error {
	doc := checkstyleDocument{Version: "4.3"}
	for _, group := range byFile(res.Findings) {
		file := checkstyleFile{Name: Clean(opt.Shown(group[0].Span.File.Name))}
		for _, f := range group {
			at := f.Span.File.Position(f.Span.Start)
			file.Errors = append(file.Errors, checkstyleError{at.Line, at.Column, f.Severity.String(), Clean(f.Message), "nginx-ws-lint." + f.Rule.Name})
		}
		doc.Files = append(doc.Files, file)
	}
	return writeXML(w, doc)
}

// writeXML writes a document whose texts are clean. encoding/xml escapes what XML
// cannot contain and what could be markup.
func writeXML(w io.Writer, doc any) error {
	b, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+string(b)+"\n")
	return err
}
