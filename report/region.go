package report

import (
	"net/url"
	"path"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A region is a span in lines and columns. Both count from 1, and the end is
// exclusive.
type region struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine"`
	EndColumn   int `json:"endColumn"`
}

// byteRegion returns a span with columns in bytes, as everywhere in this project.
func byteRegion(s parser.Span) region {
	start, end := s.File.Position(s.Start), s.File.Position(s.End)
	return region{start.Line, start.Column, end.Line, end.Column}
}

// utf16Region returns a span with columns in UTF-16 code units, for programs that
// show it in a browser or an editor.
func utf16Region(s parser.Span) region {
	r := byteRegion(s)
	r.StartColumn = utf16Column(s.File, s.Start, r.StartColumn)
	r.EndColumn = utf16Column(s.File, s.End, r.EndColumn)
	return r
}

// farColumn is the column after which no program shows a line. Counting characters
// there is a waste of time: a file can be one line with a thousand findings.
const farColumn = 10_000

func utf16Column(f *parser.File, offset, column int) int {
	if column > farColumn {
		return column
	}
	before := f.Src[offset-column+1 : offset]
	n := 1
	for len(before) > 0 {
		r, size := utf8.DecodeRune(before)
		n += utf16.RuneLen(r)
		before = before[size:]
	}
	return n
}

// uriOf returns a shown name as a URI: a relative reference or, for an absolute path,
// a file: URI. It preserves every byte, also those that are not UTF-8.
func uriOf(name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = strings.ReplaceAll(url.PathEscape(part), ":", "%3A") // a colon would end a scheme
	}
	uri := strings.Join(parts, "/")
	switch {
	case path.IsAbs(name):
		return "file://" + uri
	case isDrive(name):
		return "file:///" + uri
	}
	return uri
}

// isDrive reports whether a name begins with a Windows volume.
func isDrive(name string) bool {
	return len(name) > 2 && name[1] == ':' && name[2] == '/' && (name[0]|0x20 >= 'a' && name[0]|0x20 <= 'z')
}
