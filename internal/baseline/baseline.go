// Package baseline reads and writes the baseline: a file of old findings that are not
// reported again.
//
// It is JSON with one finding per line, sorted and without line numbers. Edits
// elsewhere do not change it, and a diff shows which findings came and went.
package baseline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// version is the version of the format.
const version = 1

// Counts says how many of each finding are old. File names are relative to the
// directory of the baseline.
type Counts map[lint.Fingerprint]int

// An entry is one line.
type entry struct {
	File  string `json:"file"`
	Rule  string `json:"rule"`
	In    string `json:"in,omitempty"`
	Text  string `json:"text"`
	Count *int   `json:"count,omitempty"` // nil for one
}

// Text returns the file with these findings.
func Text(counts Counts) ([]byte, error) {
	var all []lint.Fingerprint
	for p := range counts {
		all = append(all, p)
	}
	slices.SortFunc(all, lint.Fingerprint.Compare)
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"version\": %d,\n  \"findings\": [", version)
	for i, p := range all {
		e := entry{File: p.File, Rule: p.Rule, In: p.In, Text: p.Text}
		if n := counts[p]; n != 1 {
			e.Count = &n
		}
		line, err := marshal(e)
		if err != nil {
			return nil, err
		}
		separator := ","
		if i == 0 {
			separator = ""
		}
		fmt.Fprintf(&b, "%s\n    %s", separator, line)
	}
	if len(all) > 0 {
		b.WriteString("\n  ")
	}
	b.WriteString("]\n}\n")
	return b.Bytes(), nil
}

func marshal(e entry) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // findings contain many > and &
	err := enc.Encode(e)
	return strings.TrimSpace(b.String()), err
}

// Read reads a baseline. An error begins with the line and column.
func Read(text []byte) (Counts, error) {
	r := &reader{text: text, dec: json.NewDecoder(bytes.NewReader(text)), counts: make(Counts)}
	r.dec.DisallowUnknownFields()
	var whole json.RawMessage // the decoder does not report positions in a stream
	err := json.Unmarshal(text, &whole)
	if err == nil {
		err = r.document()
	}
	if err != nil {
		return nil, r.at(err)
	}
	return r.counts, nil
}

type reader struct {
	text   []byte
	dec    *json.Decoder
	counts Counts
	start  int64 // of the value that is being read
}

// at adds the position to an error.
func (r *reader) at(err error) error {
	offset := r.start
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		offset = max(0, syntax.Offset-1)
	}
	before := r.text[:offset]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Errorf("%d:%d: %w", line, column, explain(err))
}

// mark records where the next value begins.
func (r *reader) mark() {
	r.start = r.dec.InputOffset()
	for r.start < int64(len(r.text)) && strings.IndexByte(" \t\r\n,:", r.text[r.start]) >= 0 {
		r.start++
	}
}

// delimiter reads a bracket or brace.
func (r *reader) delimiter(want json.Delim) error {
	r.mark()
	token, err := r.dec.Token()
	if err == nil && token != want {
		err = fmt.Errorf("not a baseline: expected %s", want)
	}
	return err
}

func (r *reader) document() error {
	if err := r.delimiter('{'); err != nil {
		return err
	}
	of := 0
	for r.dec.More() {
		r.mark()
		token, err := r.dec.Token()
		if err != nil {
			return err
		}
		switch token {
		case "version":
			r.mark()
			if err = r.dec.Decode(&of); err == nil && of != version {
				err = fmt.Errorf("unsupported version %d; this nginx-ws-lint supports version %d", of, version)
			}
		case "findings":
			err = r.findings()
		default:
			err = errors.New("not a baseline: unknown key; the keys are version and findings")
		}
		if err != nil {
			return err
		}
	}
	if err := r.delimiter('}'); err != nil {
		return err
	}
	if of == 0 {
		return errors.New("not a baseline: version is missing")
	}
	return nil
}

func (r *reader) findings() error {
	if err := r.delimiter('['); err != nil {
		return err
	}
	for r.dec.More() {
		r.mark()
		var e entry
		if err := r.dec.Decode(&e); err != nil {
			return err
		}
		n := 1
		if e.Count != nil {
			n = *e.Count
		}
		if e.File == "" || e.Rule == "" || n < 1 {
			return errors.New("a finding needs a file, a rule and a count of at least one")
		}
		p := lint.Fingerprint{File: e.File, Rule: e.Rule, In: e.In, Text: e.Text}
		r.counts[p] = max(r.counts[p], n) // a merge may have duplicated it
	}
	return r.delimiter(']')
}

// explain rewrites an error of package json for people who do not know Go. It quotes
// nothing from the file, because a link may lead to a file that is not a baseline.
func explain(err error) error {
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind):
		value, _, _ := strings.Cut(kind.Value, " ") // "number 12"
		return fmt.Errorf("%s: cannot be a %s", cmp.Or(strings.Trim(kind.Field, "."), "a value"), value)
	case strings.HasPrefix(err.Error(), "json: unknown field "):
		return errors.New("unknown key; the keys of a finding are count, file, in, rule and text")
	case strings.HasPrefix(err.Error(), "unexpected end of JSON input"):
		return errors.New("the file ends too early")
	case errors.As(err, new(*json.SyntaxError)):
		return errors.New("not valid JSON")
	}
	return err
}
