package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/fuzzseeds"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
)

// FuzzStdin runs the whole command on standard input, one file or a dump of nginx -T.
// The exit code is one of three and agrees with the report, the report is valid in
// its format, and nothing in the input affects a terminal.
func FuzzStdin(f *testing.F) {
	formats := report.FormatNames()
	for i, src := range fuzzseeds.Files(f) {
		f.Add(src, byte(i))
		if i%8 == 0 {
			f.Add(append([]byte("# configuration file /etc/nginx/nginx.conf:\n"), src...), byte(i/8))
		}
	}
	f.Fuzz(func(t *testing.T, src []byte, choice byte) {
		if len(src) > 16<<10 {
			return
		}
		format := formats[int(choice)%len(formats)]
		code, out, said := onStdin(src, "--format", format, "-")
		checkSaid(t, code, said)
		if code == exitTrouble {
			return
		}
		if format == "json" {
			checkCode(t, code, out)
		}
		checkFormat(t, format, out)
		checkMended(t, src)
	})
}

// onStdin runs the command with an input.
func onStdin(src []byte, args ...string) (code int, out []byte, said string) {
	var stdout, stderr bytes.Buffer
	code = run(append([]string{"nginx-ws-lint", "--no-config"}, args...), bytes.NewReader(src), &stdout, &stderr)
	return code, stdout.Bytes(), stderr.String()
}

// checkSaid: trouble says why, and nothing is more than text.
func checkSaid(t *testing.T, code int, said string) {
	t.Helper()
	if code != exitClean && code != exitFindings && (code != exitTrouble || !strings.Contains(said, "nginx-ws-lint: ")) {
		t.Errorf("exit %d: %q", code, said)
	}
	if strings.ContainsFunc(said, func(r rune) bool { return r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
		t.Errorf("a raw character in %q", said)
	}
}

// checkCode: the exit code is what the findings say.
func checkCode(t *testing.T, code int, doc []byte) {
	t.Helper()
	var said struct {
		Summary struct{ Errors, Warnings int }
	}
	if err := json.Unmarshal(doc, &said); err != nil {
		t.Errorf("%v in %s", err, doc)
	}
	if found := said.Summary.Errors+said.Summary.Warnings > 0; found != (code == exitFindings) {
		t.Errorf("exit %d with %+v", code, said.Summary)
	}
}

// checkFormat: a document can be read by who reads that format; the tests of
// report look closer.
func checkFormat(t *testing.T, format string, doc []byte) {
	t.Helper()
	switch {
	case slices.Contains([]string{"json", "sarif", "gitlab", "rdjson"}, format):
		if !json.Valid(doc) {
			t.Errorf("%s is no JSON: %s", format, doc)
		}
	case slices.Contains([]string{"checkstyle", "junit"}, format):
		for dec := xml.NewDecoder(bytes.NewReader(doc)); ; {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Errorf("%s: %v in %s", format, err, doc)
				break
			}
		}
	}
}

// checkMended: --fix prints the whole text and does nothing on a second run. A dump
// of several files cannot be written back.
func checkMended(t *testing.T, src []byte) {
	t.Helper()
	if _, dump := lint.ReadDump(src); dump {
		return
	}
	code, once, said := onStdin(src, "--fix", "--unsafe-fixes", "-")
	if checkSaid(t, code, said); code == exitTrouble {
		return
	}
	if _, twice, said := onStdin(once, "--fix", "--unsafe-fixes", "-"); !bytes.Equal(once, twice) {
		t.Errorf("fixed once:\n%s\ntwice:\n%s\n%s", once, twice, said)
	}
	if _, patch, _ := onStdin(src, "--diff", "--unsafe-fixes", "-"); (len(patch) == 0) != bytes.Equal(src, once) {
		t.Errorf("the patch is\n%s\nbut --fix makes\n%s", patch, once)
	}
}
