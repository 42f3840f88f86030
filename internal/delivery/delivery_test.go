// Package delivery tests the ways in which the command comes to those who use it:
// hooks, the GitHub Action, recipes for CI, completions, packages.
package delivery

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
)

// commandsEnvironment names the directory in which tools/install-commands.sh put
// what these tests run.
const commandsEnvironment = "NGINX_WS_LINT_COMMANDS"

// root is the project's directory.
var root string

// program is the built command, and programDir its directory, for PATH.
var program, programDir string

// TestMain builds the command. With -short, as under the race detector, there is
// nothing to do here: these tests start other programs.
func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		fmt.Println("skipped: these tests start other programs")
		return
	}
	code, err := withProgram(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// withProgram builds the command and runs the tests.
func withProgram(tests func() int) (code int, err error) {
	if root, err = filepath.Abs("../.."); err != nil {
		return 0, err
	}
	if programDir, err = os.MkdirTemp("", "nginx-ws-lint-delivery"); err != nil {
		return 0, err
	}
	defer os.RemoveAll(programDir)
	program = filepath.Join(programDir, "nginx-ws-lint")
	if out, err := exec.Command("go", "build", "-trimpath", "-o", program, "../../cmd/nginx-ws-lint").CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%w\n%s", err, out)
	}
	return tests(), nil
}

// lookup finds a command that tests run. If there is none, the test is skipped, or
// fails with CI=true.
func lookup(t *testing.T, name string) string {
	t.Helper()
	if dir := os.Getenv(commandsEnvironment); dir != "" {
		if path, err := exec.LookPath(filepath.Join(dir, "bin", name)); err == nil {
			return path
		}
	}
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") == "true":
		t.Fatalf("no %s, and with CI=true it must be there: `make commands` fetches it, and %s says where", name, commandsEnvironment)
	default:
		t.Skipf("no %s: `make commands` fetches it, and %s says where", name, commandsEnvironment)
	}
	return ""
}

// A shell runs commands in a directory, with some variables set.
type shell struct {
	t   *testing.T
	dir string
	env []string
}

// run runs a command and returns what it printed and how it ended.
func (s shell) run(name string, args ...string) (output string, status int) {
	s.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = s.dir, append(cleanEnvironment(), s.env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatalf("%s: %v", name, err)
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

// must runs a command that must succeed.
func (s shell) must(name string, args ...string) string {
	s.t.Helper()
	out, status := s.run(name, args...)
	if status != 0 {
		s.t.Fatalf("%s %q: exit %d\n%s", name, args, status, out)
	}
	return out
}

// cleanEnvironment is the environment without what a CI system or a hook that
// these tests run in has set, and without what says how Go builds.
func cleanEnvironment() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool {
		for _, prefix := range []string{"GITHUB_", "GIT_", "RUNNER_", "CI=", "INPUT_", "GOFLAGS=", "NO_COLOR="} {
			if strings.HasPrefix(v, prefix) {
				return true
			}
		}
		return false
	})
}

// repository creates a git repository in a directory from its files.
func repository(t *testing.T, dir string) shell {
	t.Helper()
	s := shell{t, dir, []string{
		"GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_SYSTEM=" + os.DevNull,
		"GIT_AUTHOR_NAME=t", "GIT_AUTHOR_EMAIL=t@example.com", "GIT_COMMITTER_NAME=t", "GIT_COMMITTER_EMAIL=t@example.com",
	}}
	s.must("git", "init", "--quiet", "--initial-branch=main")
	s.commit()
	return s
}

// commit commits everything.
func (s shell) commit() {
	s.t.Helper()
	s.must("git", "add", "--all")
	s.must("git", "commit", "--quiet", "--allow-empty", "--no-verify", "--message=x")
}

// write writes files below a directory.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// readYAML reads a file of the project.
func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, filepath.Join(root, name))), into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// copyProject copies the project's sources, as they are now.
func copyProject(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		switch {
		case slices.Contains([]string{".git", ".cache", "bin", "dist"}, rel):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return os.MkdirAll(filepath.Join(dir, rel), 0o755)
		case !d.Type().IsRegular():
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, rel), text, info.Mode().Perm())
	})
	if err != nil {
		t.Fatal(err)
	}
}
