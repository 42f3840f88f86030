package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pages are the pages of the documentation, with their texts.
func pages(t *testing.T) map[string]string {
	t.Helper()
	all := make(map[string]string)
	for _, pattern := range []string{"../../*.md", "../../docs/*.md"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all[filepath.ToSlash(strings.TrimPrefix(filepath.Clean(name), filepath.Clean("../..")+string(filepath.Separator)))] = string(text)
		}
	}
	return all
}

// The targets of links on pages exist, and docs/README.md links to every page.
func TestLinks(t *testing.T) {
	all := pages(t)
	for name, text := range all {
		for _, m := range regexp.MustCompile(`\]\(([^)#: ]+)(#[^)]*)?\)`).FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join("../..", filepath.Dir(name), m[1])); err != nil {
				t.Errorf("%s: no %s", name, m[1])
			}
		}
		if base, ok := strings.CutPrefix(name, "docs/"); ok && base != "README.md" && !strings.Contains(all["docs/README.md"], "]("+base+")") {
			t.Errorf("docs/README.md does not lead to %s", name)
		}
	}
}

// commandsOf returns the commands of a page's shell fences, except those that fetch
// something.
func commandsOf(text string) []string {
	var all []string
	for _, fence := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(text, -1) {
		for _, line := range strings.Split(strings.TrimSpace(strings.ReplaceAll(fence[1], "\\\n", "")), "\n") {
			if !strings.HasPrefix(line, "go install ") && !strings.HasPrefix(line, "make ") {
				all = append(all, regexp.MustCompile(` +#.*`).ReplaceAllString(line, ""))
			}
		}
	}
	return all
}

// The commands of these pages can be run unchanged in a repository with an nginx
// tree. A directory of the test replaces /etc/nginx, and a script replaces nginx.
func TestShellFences(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	all, ran := pages(t), 0
	for _, name := range []string{"README.md", "docs/usage.md", "docs/migration.md"} {
		for _, line := range commandsOf(all[name]) {
			t.Run(name+" "+line, func(t *testing.T) { shellFence(t, line) })
			ran++
		}
	}
	if ran < 12 {
		t.Errorf("only %d commands", ran)
	}
}

func shellFence(t *testing.T, line string) {
	dir := t.TempDir()
	if defaultPath() != "." && line == "nginx-ws-lint" {
		t.Skip("this machine has an /etc/nginx")
	}
	for name, text := range map[string]string{
		"log/error.log": "2026/11/21 10:00:00 [error] 1#1: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 1.2.3.4, server: a, " +
			"request: \"GET /ws HTTP/1.1\", upstream: \"http://127.0.0.1:3000/ws\", host: \"a\"\n",
		"nginx/nginx.conf": advised["safe"], "conf.d/app.conf": "server {\n    location /ws { proxy_pass http://127.0.0.1:3000; }\n}\n", "dump.conf": advised["safe"],
		"bin/nginx": "#!/bin/sh\nif [ \"$1\" = -T ]; then echo '# configuration file /etc/nginx/nginx.conf:'; cat nginx/nginx.conf; fi\n",
	} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	line = strings.NewReplacer("/etc/nginx", dir+"/nginx", "/var/log/nginx", dir+"/log").Replace(line)
	if strings.Contains(line, "--fix") && !strings.Contains(line, "nginx/") && !strings.Contains(line, "/nginx ") {
		t.Fatal("it would write to the nginx of this machine")
	}
	cmd := exec.Command("sh", "-c", "git init -q && "+line)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"), inAction+"=")
	out, err := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != exitClean && code != exitFindings || strings.Contains(string(out), "nginx-ws-lint: ") || len(out) == 0 && !strings.Contains(line, ">") {
		t.Errorf("%v\n%s", err, out)
	}
	if strings.Contains(line, "git apply") || strings.Contains(line, "--fix") {
		if text, _ := os.ReadFile(filepath.Join(dir, "nginx/nginx.conf")); !strings.Contains(string(text), "proxy_set_header Upgrade") {
			t.Errorf("nothing is mended: %s\n%s", text, out)
		}
	}
}
