package delivery

import (
	"fmt"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// recordedGit puts a git on the PATH of a runner that writes down how it was called.
func (r *runner) recordedGit() (calls func() string) {
	r.t.Helper()
	realGit, err := exec.LookPath("git")
	if err != nil {
		r.t.Skip("no git here")
	}
	dir, log := r.t.TempDir(), filepath.Join(r.t.TempDir(), "log")
	write(r.t, dir, map[string]string{"git": "#!/bin/sh\nprintf '%s ' \"$@\" $(env | grep ^GIT_) >>'" + log + "'\necho >>'" + log + "'\nexec '" + realGit + "' \"$@\"\n"})
	if err := os.Chmod(filepath.Join(dir, "git"), 0o755); err != nil {
		r.t.Fatal(err)
	}
	r.set("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return func() string { return read(r.t, log) }
}

// The base is only looked up in the workspace's root, by a hardened git. A directory
// that merely looks like a repository is not used, even as the working directory.
func TestActionGitAtRoot(t *testing.T) {
	s := brokenTree(t)
	canary := filepath.Join(t.TempDir(), "canary")
	write(t, s.dir, map[string]string{
		"nginx/HEAD": "ref: refs/heads/main\n", "nginx/objects/keep": "", "nginx/refs/keep": "",
		"nginx/config": "[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfsmonitor = touch '" + canary + "'\n",
	})
	s.must("git", "add", "-A")
	s.must("git", "commit", "-qm", "x")
	base := strings.TrimSpace(s.must("git", "rev-parse", "HEAD"))
	write(t, s.dir, map[string]string{"nginx/conf.d/new.conf": strings.Replace(brokenSite, "8081", "8082", 1)})
	r := newRunner(t, s.dir)
	calls := r.recordedGit()
	for name, value := range map[string]string{"INPUT_WORKING_DIRECTORY": "nginx", "INPUT_ONLY_NEW": "true", "BASE": base, "GIT_DIR": "/nowhere", "GIT_SSH_COMMAND": "false"} {
		r.set(name, value)
	}
	log, status, out, _ := r.step()
	if status != 0 || out["exit-code"] != "1" || out["warnings"] != "1" || !strings.Contains(log, "new.conf") {
		t.Errorf("exit %d, %v\n%s", status, out, log)
	}
	for line := range strings.Lines(calls()) {
		for _, want := range []string{"-c safe.bareRepository=explicit ", "-c core.hooksPath=/dev/null ", "-c core.fsmonitor=false ", "-c core.sshCommand=false ", "-c credential.helper= ", "GIT_NO_LAZY_FETCH=1 ", "GIT_TERMINAL_PROMPT=0 "} {
			if !strings.Contains(line, want) {
				t.Errorf("no %sin %s", want, line)
			}
		}
		if !strings.Contains(line, "--absolute-git-dir") && !strings.Contains(line, "--git-dir="+s.dir+"/.git --work-tree="+s.dir+" ") {
			t.Errorf("git finds the repository by itself: %s", line)
		}
		if strings.Contains(line, "GIT_SSH_COMMAND") || strings.Contains(line, " GIT_DIR=") {
			t.Errorf("variables of git are passed on: %s", line)
		}
	}
	if _, err := os.Stat(canary); err == nil {
		t.Error("a command of a folder's configuration ran")
	}
}

// No script calls git but through at_root.
func TestActionGitCalls(t *testing.T) {
	script := read(t, filepath.Join(root, "action/run.sh"))
	calls := regexp.MustCompile(`(?m)^[^#\n]*\bgit (?:[-a-z"])[^\n]*`).FindAllString(script, -1)
	if len(calls) != 1 || !strings.Contains(calls[0], "exec git --no-pager --git-dir=") {
		t.Errorf("%q", calls)
	}
}

// Neither the build nor the program nor git gets the token of the job.
func TestActionToken(t *testing.T) {
	s := brokenTree(t)
	r, log := newRunner(t, s.dir), filepath.Join(t.TempDir(), "log")
	dir := t.TempDir()
	for _, name := range []string{"go", "git", "curl"} {
		real, err := exec.LookPath(name)
		if err != nil {
			real = "/bin/false"
		}
		write(t, dir, map[string]string{name: "#!/bin/sh\necho \"$0 ${GH_TOKEN-none}\" >>'" + log + "'\nexec '" + real + "' \"$@\"\n"})
		if err := os.Chmod(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, value := range map[string]string{"PATH": dir + string(os.PathListSeparator) + os.Getenv("PATH"), "GH_TOKEN": "a-token-of-a-test", "INPUT_ONLY_NEW": "true", "BASE": strings.TrimSpace(s.must("git", "rev-parse", "HEAD"))} {
		r.set(name, value)
	}
	if out, status, _, _ := r.step(); status != 0 {
		t.Fatalf("exit %d\n%s", status, out)
	}
	if calls := read(t, log); strings.Contains(calls, "a-token") || strings.Count(calls, " none\n") < 3 {
		t.Error(calls)
	}
}

// private serves a repository to who sends the header, as GitHub does.
func private(t *testing.T, repository, header string) *httptest.Server {
	t.Helper()
	out, err := exec.Command("git", "--exec-path").Output()
	backend := filepath.Join(strings.TrimSpace(string(out)), "git-http-backend")
	if _, missing := os.Stat(backend); err != nil || missing != nil {
		t.Skip("no git http-backend here")
	}
	handler := &cgi.Handler{Path: backend, Root: "/owner/name", Env: []string{
		"GIT_PROJECT_ROOT=" + repository, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
	}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != header {
			w.Header().Set("WWW-Authenticate", "Basic")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server
}

// A missing base is fetched from the server, with the header that actions/checkout
// left in .git/config or in a file that it includes. Credential helpers and hooks are
// not run.
func TestActionFetchesBase(t *testing.T) {
	origin := brokenTree(t)
	base := strings.TrimSpace(origin.must("git", "rev-parse", "HEAD"))
	origin.must("git", "config", "uploadpack.allowAnySHA1InWant", "true")
	write(t, origin.dir, map[string]string{"nginx/conf.d/new.conf": strings.Replace(brokenSite, "8081", "8082", 1)})
	origin.must("git", "add", "-A")
	origin.must("git", "commit", "-qm", "new")
	const header = "basic Y2FuYXJ5"
	server := private(t, origin.dir+"/.git", header)
	for what, settings := range map[string]func(clone shell){
		"config": func(c shell) { c.must("git", "config", "http."+server.URL+"/.extraheader", "AUTHORIZATION: "+header) },
		"an included file": func(c shell) {
			file := filepath.Join(t.TempDir(), "credentials.config")
			write(t, filepath.Dir(file), map[string]string{"credentials.config": fmt.Sprintf("[http %q]\n\textraheader = AUTHORIZATION: %s\n", server.URL+"/", header)})
			c.must("git", "config", "includeIf.gitdir:"+c.dir+"/.git.path", file)
		},
		"nothing": func(shell) {},
	} {
		dir := filepath.Join(t.TempDir(), "workspace")
		origin.must("git", "clone", "-q", "--depth=1", "file://"+origin.dir, dir)
		clone, canary := shell{t, dir, origin.env}, filepath.Join(t.TempDir(), "canary")
		settings(clone)
		clone.must("git", "config", "credential.helper", "!touch '"+canary+"'")
		write(t, dir, map[string]string{".git/hooks/reference-transaction": "#!/bin/sh\ntouch '" + canary + "'\n"})
		if err := os.Chmod(filepath.Join(dir, ".git/hooks/reference-transaction"), 0o755); err != nil {
			t.Fatal(err)
		}
		r := newRunner(t, dir)
		r.env = slices.Concat(r.env, []string{"GITHUB_SERVER_URL=" + server.URL, "INPUT_ONLY_NEW=true", "BASE=" + base, "INPUT_PATHS=nginx"})
		log, status, out, _ := r.step()
		if what == "nothing" {
			if status != 2 || !strings.Contains(log, "check out with fetch-depth: 0") {
				t.Errorf("%s: exit %d\n%s", what, status, log)
			}
		} else if status != 0 || out["warnings"] != "1" || !strings.Contains(log, "new.conf") {
			t.Errorf("%s: exit %d, %v\n%s", what, status, out, log)
		}
		if _, err := os.Stat(canary); err == nil {
			t.Errorf("%s: a command of the repository's settings ran", what)
		}
	}
}
