package delivery

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// An action is action.yml as far as these tests ask it.
type action struct {
	Inputs  map[string]struct{ Description, Default string }
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []step
	}
}

type step struct {
	Name, ID, If, Uses, Run, Shell string
	Env, With                      map[string]string
}

func readAction(t *testing.T) action {
	t.Helper()
	var a action
	readYAML(t, "action.yml", &a)
	return a
}

// No script of the action contains an expression, so an input cannot become a
// command. The environment that the first step gets is what its script reads.
func TestActionScripts(t *testing.T) {
	a, script := readAction(t), read(t, filepath.Join(root, "action/run.sh"))
	for _, s := range a.Runs.Steps {
		if strings.Contains(s.Run, "${{") {
			t.Errorf("step %s writes an expression into a script: %s", s.Name, s.Run)
		}
	}
	env := a.Runs.Steps[0].Env
	for name := range env {
		if !strings.Contains(script, "${"+name) {
			t.Errorf("run.sh does not read %s", name)
		}
	}
	for _, use := range regexp.MustCompile(`\b(INPUT_[A-Z_]+|ACTION_REF|BASE)\b`).FindAllString(script, -1) {
		if _, ok := env[use]; !ok {
			t.Errorf("action.yml does not pass %s", use)
		}
	}
	for name := range a.Inputs {
		passed := "INPUT_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		if _, ok := env[passed]; !ok && name != "upload-sarif" {
			t.Errorf("the input %s is not passed", name)
		}
	}
	for name, o := range a.Outputs {
		if o.Value != "${{ steps.lint.outputs."+name+" }}" || !strings.Contains(script, name) && !strings.Contains(script, "errors warnings infos fixable") {
			t.Errorf("output %s: %+v", name, o)
		}
	}
}

// A runner runs the action's script as a runner of GitHub would, with its inputs in
// the environment.
type runner struct {
	shell
	temp string
}

func newRunner(t *testing.T, dir string) *runner {
	t.Helper()
	r := &runner{shell: shell{t: t, dir: dir}, temp: t.TempDir()}
	// Nothing listens on port 9: no test contacts other servers.
	r.env = append(r.env, "GITHUB_ACTIONS=true", "GITHUB_SERVER_URL=http://127.0.0.1:9", "GITHUB_REPOSITORY=owner/name", "CI=true", "GITHUB_ACTION_PATH="+root, "GITHUB_WORKSPACE="+dir,
		"GITHUB_OUTPUT="+filepath.Join(r.temp, "output"), "GITHUB_STEP_SUMMARY="+filepath.Join(r.temp, "summary"),
		"RUNNER_TEMP="+r.temp, "RUNNER_OS=Linux", "RUNNER_ARCH=X64")
	for name, input := range readAction(t).Inputs {
		r.set("INPUT_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_")), input.Default)
	}
	return r
}

func (r *runner) set(name, value string) { r.env = append(r.env, name+"="+value) }

// step runs the script and returns what it printed, its outputs and the summary.
func (r *runner) step() (log string, status int, outputs map[string]string, summary string) {
	r.t.Helper()
	for _, name := range []string{"output", "summary"} {
		if err := os.WriteFile(filepath.Join(r.temp, name), nil, 0o644); err != nil {
			r.t.Fatal(err)
		}
	}
	log, status = r.run("bash", filepath.Join(root, "action/run.sh"))
	outputs = make(map[string]string)
	for line := range strings.Lines(read(r.t, filepath.Join(r.temp, "output"))) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if _, known := readAction(r.t).Outputs[name]; !ok || !known {
			r.t.Errorf("output %q", line)
		}
		outputs[name] = value
	}
	return log, status, outputs, read(r.t, filepath.Join(r.temp, "summary"))
}

// brokenTree is a tree whose handshakes fail, in a repository.
func brokenTree(t *testing.T) shell {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, healthy)
	write(t, dir, map[string]string{"nginx/conf.d/app.conf": brokenSite})
	return repository(t, dir)
}

// The action builds its own source where it is used by a commit, and leaves what it
// found as annotations, outputs, files and a summary.
func TestAction(t *testing.T) {
	s := brokenTree(t)
	r := newRunner(t, s.dir)
	r.set("INPUT_PATHS", "nginx")
	r.set("ACTION_REF", strings.Repeat("1f", 20))
	log, status, out, summary := r.step()
	if status != 0 {
		t.Fatalf("exit %d\n%s", status, log)
	}
	if !strings.Contains(log, "\n::warning file=nginx/conf.d/app.conf,line=4,") && !strings.HasPrefix(log, "::warning file=nginx/conf.d/app.conf,line=4,") {
		t.Errorf("no annotation in\n%s", log)
	}
	want := map[string]string{"exit-code": "1", "errors": "0", "warnings": "1", "infos": "1", "fixable": "2", "version": strings.Repeat("1f", 20)}
	for name, value := range want {
		if out[name] != value {
			t.Errorf("output %s is %q, not %q", name, out[name], value)
		}
	}
	if !strings.Contains(summary, "| warning | nginx\\/conf\\.d\\/app\\.conf:4 |") {
		t.Errorf("the summary is\n%s", summary)
	}
	if doc := read(t, out["sarif-file"]); !strings.Contains(doc, `"uri": "nginx/conf.d/app.conf"`) {
		t.Errorf("the SARIF is\n%s", doc)
	}
	s.must("git", "apply", out["patch-file"])
	if _, _, out, summary := r.step(); out["exit-code"] != "0" || out["patch-file"] != "" || !strings.HasPrefix(summary, "### nginx-ws-lint: 2 info") {
		t.Errorf("mended: %v\n%s", out, summary)
	}
}

// A hostile input is a strange path, a bad flag or a bad name, and never a command.
func TestActionHostile(t *testing.T) {
	s := brokenTree(t)
	tree := read(t, filepath.Join(s.dir, "nginx/conf.d/app.conf"))
	strange := []string{"with space", "$(touch pwned)", "`touch pwned`", "a;touch pwned", "--fix", "-", "quote'\"", "%0A::error::x", "${HOME}", "*"}
	for _, name := range strange {
		write(t, s.dir, map[string]string{filepath.Join(name, "nginx.conf"): "events {}\nhttp {\n" + tree + "}\n"})
	}
	r := newRunner(t, s.dir)
	for name, value := range map[string]string{
		"INPUT_VERSION": "v1.0.0$(touch pwned)", "INPUT_FAIL_ON": "never; touch pwned", "INPUT_WORKING_DIRECTORY": "$(touch pwned; echo .)",
		"INPUT_ONLY_NEW": "true\n::add-mask::x", "INPUT_ARGS": "--config=$(touch pwned)\n--select\n`touch pwned`", "INPUT_PATHS": "\n\r\n",
	} {
		bad := *r
		bad.env = append(slices.Clone(r.env), name+"="+value)
		log, status, out, _ := bad.step()
		if status != 2 && out["exit-code"] != "2" {
			t.Errorf("%s=%q: exit %d, %v\n%s", name, value, status, out, log)
		}
		if strings.Contains(log, "\n::add-mask") {
			t.Errorf("%s=%q gave the runner a command:\n%s", name, value, log)
		}
	}
	r.set("INPUT_PATHS", strings.Join(strange, "\r\n")+"\n")
	log, status, out, summary := r.step()
	if status != 0 || out["exit-code"] != "1" || out["warnings"] != fmt.Sprint(len(strange)) {
		t.Errorf("exit %d, %v\n%s", status, out, log)
	}
	if rows := strings.Count(summary, "\n| warning |"); rows != len(strange) {
		t.Errorf("%d rows in\n%s", rows, summary)
	}
	for line := range strings.Lines(log) {
		if strings.HasPrefix(line, "::") && !strings.HasPrefix(line, "::warning file=") && !strings.HasPrefix(line, "::notice file=") {
			t.Errorf("the runner takes a command: %s", line)
		}
	}
	wantUntouched(t, s, tree)
}

// wantUntouched wants that no command of an input ran and nothing was fixed.
func wantUntouched(t *testing.T, s shell, tree string) {
	t.Helper()
	err := filepath.WalkDir(s.dir, func(path string, _ os.DirEntry, err error) error {
		if filepath.Base(path) == "pwned" {
			t.Errorf("%s: a command of an input ran", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if read(t, filepath.Join(s.dir, "nginx/conf.d/app.conf")) != tree {
		t.Error("the tree was changed")
	}
}

// only-new asks for what is new since the base; without one it asks for all.
func TestActionOnlyNew(t *testing.T) {
	s := brokenTree(t)
	base := strings.TrimSpace(s.must("git", "rev-parse", "HEAD"))
	r := newRunner(t, s.dir)
	r.set("INPUT_PATHS", "nginx")
	r.set("INPUT_ONLY_NEW", "true")
	for name, want := range map[string]string{"": "1", strings.Repeat("0", 40): "1", "main; touch pwned": "1"} {
		one := *r
		one.env = append(slices.Clone(r.env), "BASE="+name)
		if log, _, out, _ := one.step(); out["warnings"] != want || !strings.Contains(log, "no base to compare with") {
			t.Errorf("base %q: %v\n%s", name, out, log)
		}
	}
	r.set("BASE", strings.Repeat("ab", 20))
	if log, status, _, _ := r.step(); status != 2 || !strings.Contains(log, "check out with fetch-depth: 0") {
		t.Errorf("a base that is not there: exit %d\n%s", status, log)
	}
	write(t, s.dir, map[string]string{"nginx/conf.d/new.conf": strings.Replace(brokenSite, "8081", "8082", 1)})
	r.set("BASE", base)
	log, _, out, _ := r.step()
	if strings.Contains(log, "unknown flag --new-from-rev") {
		t.Skip("this nginx-ws-lint does not know --new-from-rev yet")
	}
	if out["exit-code"] != "1" || out["warnings"] != "1" || !strings.Contains(log, "new.conf") || strings.Contains(log, "app.conf") {
		t.Errorf("%v\n%s", out, log)
	}
	wantUntouched(t, s, brokenSite)
}

// Errors are annotations and are in the summary, because the log of a step is folded.
func TestActionTrouble(t *testing.T) {
	s := brokenTree(t)
	for name, m := range map[string]struct{ value, want string }{
		"INPUT_PATHS":   {"ngnix", "ngnix: no such file or directory"},
		"INPUT_ARGS":    {"--nginx-version 1.26.3", "unknown flag --nginx-version 1.26.3; give a flag and its value as two arguments, or with =: --nginx-version=1.26.3"},
		"INPUT_FAIL_ON": {"loud", "--fail-on loud: must be one of error, warning, info, never"},
	} {
		r := newRunner(t, s.dir)
		r.set("ACTION_REF", strings.Repeat("1f", 20))
		r.set(name, m.value)
		log, _, out, summary := r.step()
		if out["exit-code"] != "2" || !strings.Contains(log, "::error title=nginx-ws-lint::"+m.want) {
			t.Errorf("%s: exit %s, no annotation %q in\n%s", name, out["exit-code"], m.want, log)
		}
		if !strings.Contains(summary, "### nginx-ws-lint: not everything could be checked\n\n    nginx-ws-lint: "+m.want) {
			t.Errorf("%s: the summary is\n%s", name, summary)
		}
	}
}
