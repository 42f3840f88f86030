package fixer

import (
	"bytes"
	"hash/fnv"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/fuzzseeds"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// patchSample is the number of fuzzed diffs of which one is passed to patch(1): a
// process takes a thousand times as long as applyDiff.
const patchSample = 2000

// FuzzDiff: the diff is empty only where nothing changes, it gives the new text
// to who follows it to the letter, and now and then to patch(1).
func FuzzDiff(f *testing.F) {
	f.Add("", "a\n")
	f.Add("a\nb\nc", "a\nc\n")
	f.Add("a\r\nb\r\n", "a\r\n\xe9\x00\n")
	f.Add("}\n}\n}\n", "}\n}\n{\n}\n}")
	f.Add("-- a\n@@ -1 +1 @@\n\\ No newline at end of file\n", "++ b\n-- a")
	for i, text := range fuzzseeds.Files(f) {
		old := string(text)
		f.Add(old, strings.ReplaceAll(old, "proxy_pass", "proxy_http_version 1.1;\nproxy_pass"))
		if i%10 == 0 {
			f.Add(old, strings.ToUpper(old))
		}
	}
	f.Fuzz(func(t *testing.T, old, new string) {
		if len(old)+len(new) > 32<<10 {
			return
		}
		diff := Unified("a/f", "b/f", []byte(old), []byte(new))
		if (diff == "") != (old == new) {
			t.Fatalf("%q, %q: diff %q", old, new, diff)
		}
		if got, err := applyDiff(old, diff); err != nil || got != new {
			t.Fatalf("%q to %q by\n%s\ngave %q, %v", old, new, diff, got, err)
		}
		if _, err := exec.LookPath("patch"); err == nil && diff != "" && sampled(diff) {
			dir := nginxtest.Write(t, map[string]string{"f": old})
			runTool(t, "patch", dir, diff)
			wantPatched(t, filepath.Join(dir, "f"), new, diff)
		}
	})
}

// sampled says yes to one of patchSample texts, and to a text always the same.
func sampled(text string) bool {
	h := fnv.New32a()
	h.Write([]byte(text))
	return h.Sum32()%patchSample == 0
}

// FuzzName: a name in a header is the name that git and patch read there, on one
// line.
func FuzzName(f *testing.F) {
	for _, name := range []string{"a/nginx.conf", "a/b c", "a/tab\there", `a/quo"te\`, "a/é\xe9\n\x00\x7f", "a/end ", "a/ x\t2024-01-01", "a/\x1b[0m\u202e"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if name == "" || name[0] == '"' || name[0] == ' ' || name[0] == '\t' {
			return // ours begin with a/ or b/
		}
		header := headerName(name)
		if i := strings.IndexFunc(header, func(r rune) bool { return r < ' ' && r != '\t' || r >= 0x7f }); i >= 0 {
			t.Errorf("%q: a raw byte in %q", name, header)
		}
		if got, ok := readName(header); !ok || got != name {
			t.Errorf("%q is written %q, which is read %q", name, header, got)
		}
	})
}

// readName reads a name as git's unquote_c_style (quote.c) does, or without
// quotes up to a tab.
func readName(header string) (name string, ok bool) {
	if !strings.HasPrefix(header, `"`) {
		name, _, _ = strings.Cut(header, "\t")
		return name, true
	}
	var b strings.Builder
	for i := 1; i < len(header); i++ {
		switch c := header[i]; c {
		case '"':
			return b.String(), strings.Trim(header[i+1:], "\t") == ""
		case '\\':
			i++
			if at := strings.IndexByte(`abtnvfr"\`, header[i]); at >= 0 {
				b.WriteByte("\a\b\t\n\v\f\r\"\\"[at])
				continue
			}
			b.WriteByte((header[i]-'0')<<6 | (header[i+1]-'0')<<3 | (header[i+2] - '0'))
			i += 2
		default:
			b.WriteByte(c)
		}
	}
	return "", false
}

// FuzzApply makes edits from three bytes each. Bytes outside the applied edits stay
// in order, and each fix is applied as a whole or held.
func FuzzApply(f *testing.F) {
	f.Add([]byte("server { listen 80; }"), []byte{3, 2, 1, 3, 0, 2, 0, 0, 0, 20, 9, 1})
	f.Add([]byte("abc"), []byte{0, 3, 0, 1, 1, 1})
	f.Fuzz(func(t *testing.T, src, edits []byte) {
		if len(src) > 200 || len(edits) > 60 {
			return
		}
		for i := range src {
			src[i] = byte(i) + 20 // each shows where it was; edits contain smaller ones
		}
		file := &parser.File{Name: "f", Src: src}
		var fixes []Fix
		for group := range slices.Chunk(edits, 6) {
			fix := Fix{Message: "x", Safety: Safe}
			for e := range slices.Chunk(group, 3) {
				if len(e) == 3 {
					start := int(e[0]) % (len(src) + 1)
					end := min(len(src), start+int(e[1])%8)
					fix.Edits = append(fix.Edits, edit(file, start, end, strings.Repeat("\x01", int(e[2])%4)))
				}
			}
			fixes = append(fixes, fix)
		}
		taken, held := Select(fixes, Safe)
		if len(taken)+len(held) != len(fixes) {
			t.Errorf("%d fixes became %d and %d", len(fixes), len(taken), len(held))
		}
		want := bytes.Clone(src)
		for _, fix := range taken {
			for _, e := range fix.Edits {
				clear(want[e.Span.Start:e.Span.End])
			}
		}
		want = slices.DeleteFunc(want, func(c byte) bool { return c == 0 })
		got := src
		if patches, _ := Apply(fixes, Safe); len(patches) > 0 {
			got = slices.DeleteFunc(bytes.Clone(patches[0].New), func(c byte) bool { return c == 1 })
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%v:\n got %v\nwant %v", taken, got, want)
		}
	})
}
