package fixer

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// tools are the programs that a diff must satisfy.
var tools = map[string][]string{
	"patch": {"patch", "-p1", "--fuzz=0", "--no-backup-if-mismatch"},
	"git":   {"git", "-c", "core.autocrlf=false", "apply", "-p1"},
}

// runTool applies a diff in a directory. git must not find a repository above it.
func runTool(t *testing.T, tool, dir, diff string) {
	t.Helper()
	cmd := exec.Command(tools[tool][0], tools[tool][1:]...)
	cmd.Dir = dir
	cmd.Stdin = strings.NewReader(diff)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir),
		"GIT_CONFIG_NOSYSTEM=1", "HOME="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s\n%s", tool, err, out, diff)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func eachTool(t *testing.T, f func(t *testing.T, tool string)) {
	for tool, command := range tools {
		t.Run(tool, func(t *testing.T) {
			if _, err := exec.LookPath(command[0]); err != nil {
				t.Skip(err)
			}
			f(t, tool)
		})
	}
}

func wantPatched(t *testing.T, path, want, diff string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Fatalf("%q: got %q, want %q (%v) by\n%s", path, got, want, err, diff)
	}
}

// All diffs of a run are applied at once, each to its own file: one process for 300
// cases.
func TestToolsTakeTheDiff(t *testing.T) {
	eachTool(t, func(t *testing.T, tool string) {
		rnd := rand.New(rand.NewPCG(3, 4))
		dir := t.TempDir()
		var diff strings.Builder
		want, diffs := map[string]string{}, map[string]string{}
		for i := range 300 {
			old := randomText(rnd)
			changed := mutated(rnd, old)
			switch i % 50 {
			case 0:
				old = ""
			case 1:
				changed = ""
			}
			name := fmt.Sprint("f", i)
			must(t, os.WriteFile(filepath.Join(dir, name), []byte(old), 0o644))
			diffs[name] = Unified("a/"+name, "b/"+name, []byte(old), []byte(changed))
			want[name] = changed
			diff.WriteString(diffs[name])
		}
		runTool(t, tool, dir, diff.String())
		for name, text := range want {
			wantPatched(t, filepath.Join(dir, name), text, diffs[name])
		}
	})
}

// Few distinct lines, so that there is much to confuse.
var pool = []string{
	"}\n", "}\n", "\n", "\n", "    proxy_pass http://x;\n", "location / {\n", "\tlisten 80;\n", "a\r\n", "}\r\n", "\r\n",
	"\r", "\x00\n", "# caf\xe9\n", "# \xff\xfe\x01\x7f\x1b\n", "\xef\xbb\xbfx\n", "# é\n", "--- a/f\n", "+++ b/f\n", "@@ -1 +1 @@\n",
	"\\ No newline at end of file\n", " \n", "-\n", "+\n", "\f\n", "diff --git a/x b/x\n", "Index: f\n", "-- a/x\n", "++ b/x\n",
	"trailing   \n", "\t\n",
}

func randomText(rnd *rand.Rand) string {
	var s strings.Builder
	for range rnd.IntN(60) {
		s.WriteString(pool[rnd.IntN(len(pool))])
	}
	return lastLine(rnd, s.String())
}

// lastLine sometimes removes the last line feed.
func lastLine(rnd *rand.Rand, s string) string {
	if rnd.IntN(3) == 0 {
		return strings.TrimSuffix(s, "\n")
	}
	return s
}

func mutated(rnd *rand.Rand, s string) string {
	text := lines([]byte(s))
	for range 1 + rnd.IntN(5) {
		at := rnd.IntN(len(text) + 1)
		end := min(len(text), at+rnd.IntN(3))
		var add []string
		for range rnd.IntN(4) {
			add = append(add, pool[rnd.IntN(len(pool))])
		}
		if at == len(text) && at > 0 && !strings.HasSuffix(text[at-1], "\n") {
			text[at-1] += "\n"
		}
		text = append(text[:at:at], append(add, text[end:]...)...)
	}
	return lastLine(rnd, strings.Join(text, ""))
}

func TestToolsTakeTheName(t *testing.T) {
	names := []string{
		"nginx.conf", "conf.d/app.conf", "with space.conf", "two  spaces", "a /b", " /b ", "a b/c d", "end ", "tab\there", `quo"te`,
		`back\slash`, "new\nline", "é.conf", "latin\xe9", "日本", "\x01\x7f\x1b", "it's", "a/b/c", "-dash", "#", "a\r", "\ttab",
		" space", "x 2024-01-01 00:00:00 +0000", `"quoted"`, "b", "{a,b}", "$x*?[y]",
	}
	eachTool(t, func(t *testing.T, tool string) {
		for _, name := range names {
			t.Run(name, func(t *testing.T) {
				dir := nginxtest.Write(t, map[string]string{name: "old\n", "other": "other\n"})
				diff := Unified("a/"+name, "b/"+name, []byte("old\n"), []byte("new\n"))
				runTool(t, tool, dir, diff)
				wantPatched(t, filepath.Join(dir, name), "new\n", diff)
			})
		}
	})
}
