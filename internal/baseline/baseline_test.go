package baseline

import (
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"
)

var some = Counts{
	{File: "b.conf", Rule: "missing-sni", In: "server a > location ~ <x>&", Text: "proxy_pass \"https://\u00e9\""}: 1,
	{File: "a.conf", Rule: "missing-sni", In: "server", Text: "proxy_pass https://b"}:                              2,
	{File: "a.conf", Rule: "lost-uri", In: "server", Text: "proxy_pass https://b"}:                                 1,
	{File: "sub/a.conf", Rule: "syntax-error", Text: "}"}:                                                          1,
}

const written = `{
  "version": 1,
  "findings": [
    {"file":"a.conf","rule":"lost-uri","in":"server","text":"proxy_pass https://b"},
    {"file":"a.conf","rule":"missing-sni","in":"server","text":"proxy_pass https://b","count":2},
    {"file":"b.conf","rule":"missing-sni","in":"server a > location ~ <x>&","text":"proxy_pass \"https://é\""},
    {"file":"sub/a.conf","rule":"syntax-error","text":"}"}
  ]
}
`

func TestText(t *testing.T) {
	got, err := Text(some)
	if err != nil || string(got) != written {
		t.Errorf("%v\n%s", err, got)
	}
	back, err := Read(got)
	if err != nil || !maps.Equal(back, some) {
		t.Errorf("%v\n%v", err, back)
	}
	empty, err := Text(nil)
	if err != nil || string(empty) != "{\n  \"version\": 1,\n  \"findings\": []\n}\n" {
		t.Errorf("%v\n%s", err, empty)
	}
	if back, err := Read(empty); err != nil || len(back) != 0 {
		t.Errorf("%v, %v", back, err)
	}
}

// However a formatter or a merge leaves it, it is read.
func TestReadOtherwise(t *testing.T) {
	text := strings.ReplaceAll(strings.ReplaceAll(written, ",\"", ",\n\t\""), "{\"", "{\r\n\"")
	text = strings.Replace(text, `"findings"`, `"findings" `, 1)
	if got, err := Read([]byte(text)); err != nil || !maps.Equal(got, some) {
		t.Errorf("%v\n%v", err, got)
	}
	line := "    {\"file\":\"sub/a.conf\",\"rule\":\"syntax-error\",\"text\":\"}\"}"
	if got, err := Read([]byte(strings.Replace(written, line, line+",\n"+line, 1))); err != nil || !maps.Equal(got, some) {
		t.Errorf("a line twice: %v\n%v", err, got)
	}
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "1:1: the file ends too early",
		"events {}\n":                        "1:1: not valid JSON",
		"[]":                                 "1:1: not a baseline: expected {",
		"{}":                                 "1:2: not a baseline: version is missing",
		"{\"version\": 2}":                   "1:13: unsupported version 2",
		"{\"version\": \"1\"}":               "1:13: ",
		"{\n  \"version\": 1,\n  \"x\": 1}":  "3:3: not a baseline: unknown key; the keys are version and findings",
		"{\"version\": 1, \"findings\": {}}": "1:28: not a baseline: expected [",
		"{\"version\": 1, \"findings\": [\n  {\"file\": 1}]}":                                           "2:3: file: cannot be a number",
		"{\"version\": 1, \"findings\": [\n  {\"file\": \"a\"}]}":                                       "2:3: a finding needs a file, a rule",
		"{\"version\": 1, \"findings\": [\n  {\"file\": \"a\", \"rule\": \"b\", \"count\": 0}]}":        "2:3: a finding needs",
		"{\"version\": 1, \"findings\": [\n  {\"file\": \"a\", \"rule\": \"b\", \"line\": 3}]}":         "2:3: unknown key; the keys of a finding are",
		"{\"version\": 1, \"findings\": [\n<<<<<<< HEAD\n  {\"file\": \"a\", \"rule\": \"b\"}\n]}":      "2:1: not valid JSON",
		"{\"version\": 1, \"findings\": [\n  {\"file\": \"a\", \"rule\": \"b\"}\n":                      "2:29: the file ends too early",
		"{\"version\": 1, \"findings\": [\n  {\"file\": \"a\", \"rule\": \"b\"}\n  {\"file\": \"b\"}]}": "3:3: not valid JSON",
		"{\"version\": 1, \"findings\": []}\n{}":                                                        "2:1: not valid JSON",
	} {
		if got, err := Read([]byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q:\ngot  %v, %v\nwant %s", text, got, err, want)
		}
	}
}

// The page shows a file as it is written.
func TestPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/baseline.md")
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile("(?s)```json\n(.*?)```").FindSubmatch(page)
	if example == nil {
		t.Fatal("the page shows none")
	}
	counts, err := Read(example[1])
	if err != nil {
		t.Fatal(err)
	}
	if text, err := Text(counts); err != nil || string(text) != string(example[1]) {
		t.Errorf("it is %s, %v", text, err)
	}
}

// said matches the possible errors. None quotes the file, which may not be a
// baseline.
var said = regexp.MustCompile(`^\d+:\d+: (?:the file ends too early|not valid JSON|not a baseline: expected [\[\]{}]|not a baseline: version is missing|` +
	`not a baseline: unknown key; the keys are version and findings|unsupported version -?\d+; this nginx-ws-lint supports version 1|unknown key; the keys of a finding are count, file, in, rule and text|` +
	`(?:a value|file|rule|in|text|count): cannot be a[a-z ]+|a finding needs a file, a rule and a count of at least one)$`)

// The error about a file that is not a baseline does not quote the file.
func TestErrorsQuoteNothing(t *testing.T) {
	for _, text := range []string{
		`{"hunter2": 1}`, `{"version": 1, "findings": [{"hunter2": 1}]}`, "hunter2=secret\n", `{"version": "hunter2"}`, `{"version": 1, "findings": [{"file": 4711}]}`,
		`{"version": 1, "findings": ["hunter2"]}`, `{"version": 1, "findings": "hunter2"}`, `{"version": 1.4711}`, `{"version": 4711e99}`,
	} {
		if _, err := Read([]byte(text)); err == nil || !said.MatchString(err.Error()) || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "4711") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(written))
	f.Add([]byte(`{"version": 1, "findings": [{"hunter2": 1}]}`))
	f.Add([]byte(`{"version": 1.5, "x": 1, "findings": ["a", 1]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		counts, err := Read(text)
		if err != nil {
			if !said.MatchString(err.Error()) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		again, err := Text(counts)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := Read(again); err != nil || !maps.Equal(back, counts) {
			t.Errorf("%v became %v, %v", counts, back, err)
		}
	})
}
