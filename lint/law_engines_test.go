package lint

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/source"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// An engineJob is a template to render with the values of a seed. It is encoded as a list.
type engineJob struct {
	Engine, Text string
	Seed         int
	Trim         bool // of newlines after tags, as Ansible does
}

func (j engineJob) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{j.Engine, j.Text, j.Seed, j.Trim})
}

// engineOf returns the real engine of a template, or "" if there is none here.
func engineOf(name string, src []byte) string {
	masked := parser.Parse(filepath.Base(name), src).Masked()
	switch {
	case masked == nil:
		return ""
	case source.Hosts(filepath.Base(name)) && masked.Language == source.Go:
		return "helm"
	case source.Hosts(filepath.Base(name)):
		return ""
	}
	switch masked.Language {
	case source.Jinja:
		if strings.HasSuffix(name, ".liquid") || liquid.Match(src) {
			return "liquid"
		}
		return "jinja"
	case source.ERB:
		return "erb"
	case source.EPP:
		return "epp"
	case source.Go:
		return "go"
	case source.Mustache:
		return "mustache"
	case source.Envsubst:
		return "envsubst"
	}
	return ""
}

// liquid matches what only Liquid has.
var liquid = regexp.MustCompile(`\{%-?\s*(?:unless|case|assign|capture|comment)\b|\{\{[^}]*\|\s*\w+:`)

// renderAll renders each template, as it is and patched, with lawSeeds sets of values.
func renderAll(t *testing.T, templates []lawfulTemplate) (rendered [][lawSeeds][2]*string) {
	t.Helper()
	rendered = make([][lawSeeds][2]*string, len(templates))
	jobs, into := make(map[string][]engineJob), make(map[string][]**string)
	for i, l := range templates {
		engine := engineOf(l.name, l.marked)
		for seed := range lawSeeds {
			for k, text := range [][]byte{l.marked, l.patched} {
				jobs[engine] = append(jobs[engine], engineJob{engine, string(text), seed, strings.HasSuffix(l.name, ".j2")})
				into[engine] = append(into[engine], &rendered[i][seed][k])
			}
		}
	}
	for engine, all := range jobs {
		n := 0
		for i, text := range renderWith(t, engine, all) {
			*into[engine][i] = text
			if text != nil {
				n++
			}
		}
		t.Logf("engine %q: %d of %d rendered", engine, n, len(all))
	}
	return rendered
}

// renderWith renders templates with one engine. The result has nil for those that it
// does not accept, and for all if there is no such engine.
func renderWith(t *testing.T, engine string, jobs []engineJob) []*string {
	switch engine {
	case "jinja":
		if python, err := exec.LookPath("python3"); err == nil && exec.Command(python, "-c", "import jinja2").Run() == nil {
			return renderProgram(t, jobs, python, "testdata/render.py")
		}
	case "erb", "epp", "liquid", "mustache":
		if ruby := command("ruby"); ruby != "" {
			if have, err := exec.Command(ruby, "testdata/render.rb", "have").Output(); err == nil && slices.Contains(strings.Fields(string(have)), engine) {
				return renderProgram(t, jobs, ruby, "testdata/render.rb")
			}
		}
	case "helm":
		return renderHelm(t, jobs)
	case "go", "envsubst":
		all := make([]*string, len(jobs))
		for i, job := range jobs {
			if engine == "go" {
				all[i] = renderGo(job.Text, job.Seed)
			} else {
				all[i] = renderEnvsubst(job.Text, job.Seed)
			}
		}
		return all
	}
	return nil
}

// command finds a program that `make commands` fetches, or the machine's own.
func command(name string) string {
	for _, candidate := range []string{filepath.Join(os.Getenv("NGINX_WS_LINT_COMMANDS"), "bin", name), name} {
		if path, err := exec.LookPath(candidate); err == nil {
			return path
		}
	}
	return ""
}

// renderProgram runs a program that renders the jobs of its standard input.
func renderProgram(t *testing.T, jobs any, args ...string) (rendered []*string) {
	t.Helper()
	input, err := json.Marshal(jobs)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), os.Stderr
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &rendered)
	}
	if err != nil {
		t.Fatal(args, err)
	}
	return rendered
}
