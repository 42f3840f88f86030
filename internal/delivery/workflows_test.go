package delivery

import (
	"maps"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// actionlintModule is the checker of workflows; it uses shellcheck where that is.
const actionlintModule = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"

// actionlint returns the checker of workflows.
func actionlint(t *testing.T) string {
	t.Helper()
	install(t, actionlintModule)
	return filepath.Join(programDir, "actionlint")
}

func workflows(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, ".github/workflows/*.yml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no workflows: %v", err)
	}
	return files
}

// actionlint knows what GitHub accepts. It reads action.yml because ci.yml uses it.
func TestActionlint(t *testing.T) {
	args := append([]string{"-no-color", "-shellcheck", lookup(t, "shellcheck"), "-pyflakes="}, workflows(t)...)
	shell{t, root, nil}.must(actionlint(t), args...)
}

func TestShellcheck(t *testing.T) {
	scripts, err := filepath.Glob(filepath.Join(root, "*", "*.sh"))
	if err != nil || len(scripts) < 5 {
		t.Fatalf("%q, %v", scripts, err)
	}
	shell{t, root, nil}.must(lookup(t, "shellcheck"), append([]string{"-x", "-S", "warning", ".ci/run"}, scripts...)...)
}

// A workflow as far as these tests ask it.
type workflow struct {
	On          any
	Permissions map[string]string
	Jobs        map[string]struct {
		Needs       any
		Permissions map[string]string
		Steps       []struct {
			Uses, Run string
			With      map[string]any
		}
	}
}

var pinned = regexp.MustCompile(`^\S+@[0-9a-f]{40}$`)

// checkWorkflow wants of a workflow what zizmor wants: no permission that a job has
// not asked for, actions that cannot change, no credentials left behind, no
// expression in a script, and never the rights of the repository for the code of a
// pull request.
func checkWorkflow(t *testing.T, name, text string, w workflow) {
	t.Helper()
	if w.Permissions == nil || len(w.Permissions) > 0 {
		t.Errorf("%s: not permissions: {}", name)
	}
	for _, trigger := range []string{"pull_request_target", "workflow_run", "issue_comment"} {
		if strings.Contains(text, trigger) {
			t.Errorf("%s: %s", name, trigger)
		}
	}
	for id, job := range w.Jobs {
		if len(job.Permissions) == 0 {
			t.Errorf("%s: job %s says no permissions", name, id)
		}
		for _, s := range job.Steps {
			switch {
			case strings.Contains(s.Run, "${{"):
				t.Errorf("%s: an expression in a script: %s", name, s.Run)
			case strings.HasPrefix(s.Uses, "actions/checkout@") && s.With["persist-credentials"] != false:
				t.Errorf("%s: job %s leaves credentials behind", name, id)
			case s.Uses != "" && s.Uses != "./" && !ownAction(s.Uses) && !pinned.MatchString(s.Uses):
				t.Errorf("%s: %s is not pinned", name, s.Uses)
			}
		}
	}
	checkPins(t, name, text)
}

// ownAction reports whether a recipe uses this project's action: its users pin it.
func ownAction(uses string) bool { return strings.HasPrefix(uses, "nginx-ws-lint/nginx-ws-lint@v") }

// checkPins wants the version behind every pinned action, and one version of each.
func checkPins(t *testing.T, name, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if strings.Contains(line, "uses:") && strings.Contains(line, "@") && !ownAction(strings.TrimSpace(strings.SplitN(line, "uses:", 2)[1])) &&
			!regexp.MustCompile(`@[0-9a-f]{40} # v\d+\.\d+\.\d+\n$`).MatchString(line) {
			t.Errorf("%s: no version behind %s", name, line)
		}
	}
}

func TestWorkflows(t *testing.T) {
	for _, path := range workflows(t) {
		name, err := filepath.Rel(root, path)
		if err != nil {
			t.Fatal(err)
		}
		var w workflow
		readYAML(t, name, &w)
		checkWorkflow(t, name, read(t, path), w)
	}
	checkPins(t, "action.yml", read(t, filepath.Join(root, "action.yml")))
}

// The release is built by a job that can change nothing, and published by one that
// runs no code of the repository or of what was built.
func TestReleaseJobs(t *testing.T) {
	var w workflow
	readYAML(t, ".github/workflows/release.yml", &w)
	build, publish := w.Jobs["build"], w.Jobs["publish"]
	if len(w.Jobs) != 2 || !maps.Equal(build.Permissions, map[string]string{"contents": "read"}) || publish.Needs != "build" ||
		!maps.Equal(publish.Permissions, map[string]string{"contents": "write", "id-token": "write", "attestations": "write"}) {
		t.Errorf("%+v", w)
	}
	for _, s := range publish.Steps {
		if strings.Contains(s.Uses, "checkout") || s.Run != "" && !strings.HasPrefix(s.Run, "gh release create ") {
			t.Errorf("publish runs %s%s", s.Uses, s.Run)
		}
	}
}

// The same action is pinned to the same commit everywhere.
func TestOnePin(t *testing.T) {
	pins := make(map[string]string)
	for _, path := range append(workflows(t), filepath.Join(root, "action.yml"), filepath.Join(root, "docs/ci.md"), filepath.Join(root, "README.md")) {
		for _, m := range regexp.MustCompile(`uses: ([\w./-]+)@([0-9a-f]{40} # \S+)`).FindAllStringSubmatch(read(t, path), -1) {
			if known := pins[m[1]]; known != "" && known != m[2] {
				t.Errorf("%s: %s at %s, elsewhere at %s", path, m[1], m[2], known)
			}
			pins[m[1]] = m[2]
		}
	}
}
