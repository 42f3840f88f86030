package delivery

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// completions are command lines, and what the last word of each is completed to.
var completions = []struct {
	words []string
	want  string
}{
	{[]string{"nginx-ws-lint", "exp"}, "explain"},
	{[]string{"nginx-ws-lint", "explain", "http2"}, "http2-listen"},
	{[]string{"nginx-ws-lint", "--format", "gitl"}, "gitlab"},
	{[]string{"nginx-ws-lint", "--fail-on", "nev"}, "never"},
	{[]string{"nginx-ws-lint", "--unsafe"}, "--unsafe-fixes"},
	{[]string{"nginx-ws-lint", "--select", "paths,http2-l"}, "paths,http2-listen"},
	{[]string{"nginx-ws-lint", "completion", "powers"}, "powershell"},
}

// completing runs a shell script in a directory with a file, for each line, and
// expects it to print the completions one per line.
func completing(t *testing.T, run func(s shell, words []string) string) {
	t.Helper()
	s := shell{t, t.TempDir(), []string{withPrograms(), "HOME=" + t.TempDir(), "TERM=dumb", "UNPACKED=" + filepath.Join(os.Getenv(commandsEnvironment), "root")}}
	write(t, s.dir, map[string]string{"in file.conf": ""})
	for _, c := range completions {
		out := strings.TrimSpace(run(s, c.words))
		if got, _, _ := strings.Cut(out, "\t"); got != c.want {
			t.Errorf("%q is completed to %q, not %q", c.words, out, c.want)
		}
	}
	out := strings.Split(run(s, []string{"nginx-ws-lint", "in"}), "\n")
	if !slices.ContainsFunc(out, func(l string) bool { return strings.HasPrefix(l, "inventory") }) ||
		!slices.ContainsFunc(out, func(l string) bool { return strings.ReplaceAll(l, `\`, "") == "in file.conf" }) {
		t.Errorf("in is completed to %q", out)
	}
}

func TestCompletionBash(t *testing.T) {
	const script = `source <(nginx-ws-lint completion bash)
complete -p nginx-ws-lint >/dev/null || exit 1
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_nginx_ws_lint
printf '%s\n' "${COMPREPLY[@]}"`
	run := func(s shell, words []string) string {
		return s.must("bash", append([]string{"--norc", "-c", script, "bash"}, words...)...)
	}
	completing(t, run)
	// bash treats = and the text after it as separate words.
	s := shell{t, t.TempDir(), []string{withPrograms()}}
	if out := run(s, []string{"nginx-ws-lint", "--format", "=", "gitl"}); out != "gitlab\n" {
		t.Errorf("--format=gitl: %q", out)
	}
}

// Where fish and zsh were unpacked, what they load is not where they look for it.
func TestCompletionFish(t *testing.T) {
	const script = `set -a fish_function_path $UNPACKED/usr/share/fish/functions
nginx-ws-lint completion fish | source
complete -C "$argv"`
	fish := lookup(t, "fish")
	completing(t, func(s shell, words []string) string {
		return s.must(fish, append([]string{"--no-config", "-c", script}, words...)...)
	})
}

// zsh runs our function; the test intercepts what it passes to zsh's own completion.
func TestCompletionZsh(t *testing.T) {
	const script = `
module_path=($UNPACKED/usr/lib/*/zsh/*(N) $module_path)
compdef() { [[ $1 == _nginx-ws-lint && $2 == nginx-ws-lint ]] || exit 1 }
compadd() { [[ "$1 $2 $3 $4" == "-l -d shown -a" ]] || exit 1; print -rl -- ${(P)5} }
_files() { print -rl -- ${words[CURRENT]}*(N) }
source <(nginx-ws-lint completion zsh)
words=("$@") CURRENT=$#
_nginx-ws-lint`
	zsh := lookup(t, "zsh")
	completing(t, func(s shell, words []string) string {
		return s.must(zsh, append([]string{"-f", "-c", script, "zsh"}, words...)...)
	})
}

// The man page has no fault that its readers name.
func TestManPage(t *testing.T) {
	page := filepath.Join(t.TempDir(), "nginx-ws-lint.1")
	s := shell{t, t.TempDir(), nil}
	if err := os.WriteFile(page, []byte(s.must(program, "man")), 0o644); err != nil {
		t.Fatal(err)
	}
	// It has no date: the same source makes the same page.
	out, _ := s.run(lookup(t, "mandoc"), "-Tlint", "-Wwarning", page)
	for line := range strings.Lines(out) {
		if !strings.Contains(line, "missing date") {
			t.Error(line)
		}
	}
	if text := s.must(lookup(t, "mandoc"), "-Tutf8", page); !strings.Contains(text, "EXIT STATUS") && !strings.Contains(text, "E\bEX\bXI\bIT\bT") {
		t.Errorf("mandoc makes of it\n%s", text)
	}
}
