package delivery

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
)

// A recipe is a fence of docs/ci.md, or one of the README that shows a file; its
// commands are run by a test of the command.
type recipe struct {
	file string // that it shows; "" for commands
	text string
}

func recipes(t *testing.T) []recipe {
	t.Helper()
	var all []recipe
	shown := 0 // by the README
	for _, m := range regexp.MustCompile("(?ms)^```(?:yaml file=(\\S+)|sh)\n(.*?)^```$").FindAllStringSubmatch(read(t, filepath.Join(root, "docs/ci.md")), -1) {
		all = append(all, recipe{m[1], m[2]})
	}
	for _, m := range regexp.MustCompile("(?ms)^```yaml file=(\\S+)\n(.*?)^```$").FindAllStringSubmatch(read(t, filepath.Join(root, "README.md")), -1) {
		all = append(all, recipe{m[1], m[2]})
		shown++
	}
	if fences := strings.Count(read(t, filepath.Join(root, "docs/ci.md")), "\n```\n"); len(all) != fences+shown || fences < 8 || shown != 2 {
		t.Fatalf("%d recipes in %d fences", len(all), fences)
	}
	return all
}

// reviewdogModule is the reviewdog of the recipe.
const reviewdogModule = "github.com/reviewdog/reviewdog/cmd/reviewdog@v0.21.0"

func TestRecipes(t *testing.T) {
	for _, r := range recipes(t) {
		name := r.file
		if name == "" {
			name = strings.Fields(r.text)[2]
		}
		t.Run(name, func(t *testing.T) {
			switch {
			case r.file == ".pre-commit-config.yaml":
				preCommitRecipe(t, r)
			case r.file == ".gitlab-ci.yml":
				gitlabRecipe(t, r)
			case strings.HasPrefix(r.file, ".github/workflows/"):
				workflowRecipe(t, r)
			case r.file == "":
				shellRecipe(t, r)
			default:
				t.Errorf("no one tests %s", r.file)
			}
		})
	}
}

func preCommitRecipe(t *testing.T, r recipe) {
	s := brokenTree(t)
	write(t, s.dir, map[string]string{r.file: r.text})
	s.must(lookup(t, "pre-commit"), "validate-config", r.file)
	var config struct {
		Repos []struct {
			Hooks []map[string]any
		}
	}
	if err := yaml.Unmarshal([]byte(r.text), &config); err != nil {
		t.Fatal(err)
	}
	for _, h := range config.Repos[0].Hooks {
		if hooks(t)[h["id"].(string)].ID == "" {
			t.Errorf("no hook %v", h["id"])
		}
	}
}

// workflowRecipe checks a workflow as our own are checked, and that the action has
// the inputs that it is given.
func workflowRecipe(t *testing.T, r recipe) {
	dir := t.TempDir()
	write(t, dir, map[string]string{r.file: r.text})
	shell{t, dir, nil}.must(actionlint(t), "-no-color", "-shellcheck=", "-pyflakes=", r.file)
	var w workflow
	if err := yaml.Unmarshal([]byte(r.text), &w); err != nil {
		t.Fatal(err)
	}
	checkWorkflow(t, r.file, r.text, w)
	used := false
	for _, s := range w.Jobs["websockets"].Steps {
		if ownAction(s.Uses) {
			used = true
			for input := range s.With {
				if readAction(t).Inputs[input].Description == "" {
					t.Errorf("the action has no input %s", input)
				}
			}
		}
	}
	if !used {
		t.Error("the action is not used")
	}
}

// gitlabRecipe runs the script of the job, without the installation of the command,
// and expects the reports that the job declares.
func gitlabRecipe(t *testing.T, r recipe) {
	var config map[string]struct {
		Script    []string
		Artifacts struct{ Reports map[string]string }
	}
	if err := yaml.Unmarshal([]byte(r.text), &config); err != nil {
		t.Fatal(err)
	}
	job, s := config["nginx-ws-lint"], brokenTree(t)
	s.env = append(s.env, withPrograms())
	if len(job.Script) != 2 || !strings.HasPrefix(job.Script[0], "go install github.com/nginx-ws-lint/nginx-ws-lint/cmd/nginx-ws-lint@v") {
		t.Fatalf("the script is %q", job.Script)
	}
	out, status := s.run("sh", "-ec", job.Script[1])
	if status != 1 || !strings.Contains(out, "nginx/conf.d/app.conf:4:9: warning: ") {
		t.Errorf("exit %d\n%s", status, out)
	}
	for kind, file := range job.Artifacts.Reports {
		text := read(t, filepath.Join(s.dir, file))
		if !strings.Contains(text, "nginx/conf.d/app.conf") {
			t.Errorf("%s: %s", kind, text)
		}
		if kind == "codequality" && !json.Valid([]byte(text)) {
			t.Errorf("%s is no JSON", file)
		}
	}
}

func withPrograms() string {
	return "PATH=" + programDir + string(os.PathListSeparator) + os.Getenv("PATH")
}

// shellRecipe runs commands in a repository whose working tree has a broken site.
func shellRecipe(t *testing.T, r recipe) {
	s := brokenTree(t)
	s.env = append(s.env, withPrograms())
	write(t, s.dir, map[string]string{"nginx/conf.d/app.conf": brokenSite + strings.Replace(brokenSite, "8081", "8082", 1)})
	if strings.Contains(r.text, "| reviewdog ") {
		install(t, reviewdogModule)
	}
	out, status := s.run("bash", "-eo", "pipefail", "-c", r.text)
	switch {
	case strings.Contains(r.text, "| reviewdog "):
		// Only what the change touches: the second site.
		if !strings.Contains(out, "line:10 ") || strings.Contains(out, "line:4 ") {
			t.Errorf("exit %d\n%s", status, out)
		}
	case strings.Contains(r.text, "git apply"):
		if text := read(t, filepath.Join(s.dir, "nginx/conf.d/app.conf")); status != 0 || strings.Count(text, "proxy_set_header Upgrade") != 2 {
			t.Errorf("exit %d\n%s\n%s", status, out, text)
		}
	default:
		made := regexp.MustCompile(`--output (\S+)`).FindAllStringSubmatch(r.text, -1)
		if status != 1 || len(made) == 0 {
			t.Errorf("exit %d\n%s", status, out)
		}
		for _, m := range made {
			if !strings.Contains(read(t, filepath.Join(s.dir, m[1])), "nginx/conf.d/app.conf") {
				t.Errorf("%s says nothing of app.conf", m[1])
			}
		}
	}
}

// install builds a module's command where withPrograms finds it. Without a network
// the test is skipped, but not with CI=true.
func install(t *testing.T, module string) {
	t.Helper()
	cmd := exec.Command("go", "install", module)
	cmd.Env = append(cleanEnvironment(), "GOBIN="+programDir)
	if out, err := cmd.CombinedOutput(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s: %v\n%s", module, err, out)
		}
		t.Skipf("no %s: %v\n%s", module, err, out)
	}
}

// The table of the action's inputs is that of action.yml.
func TestInputsTable(t *testing.T) {
	table := regexp.MustCompile(`(?s)<!-- inputs -->\n(.*?)<!-- end -->`).FindStringSubmatch(read(t, filepath.Join(root, "docs/ci.md")))
	if table == nil {
		t.Fatal("no table")
	}
	rows := strings.Split(strings.TrimSpace(table[1]), "\n")[2:]
	inputs := readAction(t).Inputs
	if len(rows) != len(inputs) {
		t.Errorf("%d rows, %d inputs", len(rows), len(inputs))
	}
	for name, input := range inputs {
		row := "| `" + name + "` | `" + input.Default + "` | " + input.Description + " |"
		if row = strings.Replace(row, " `` ", " ", 1); !slices.Contains(rows, row) {
			t.Errorf("no row %s", row)
		}
	}
}
