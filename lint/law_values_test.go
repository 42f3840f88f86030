package lint

import (
	"bytes"
	"cmp"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"text/template"
)

// drawn is a number drawn for a name.
func drawn(name string, seed int) uint32 {
	h := fnv.New32a()
	fmt.Fprintf(h, "%d %s", seed, name)
	return h.Sum32() >> 4
}

func drawnValue(name string, seed int) string {
	n := drawn(name, seed)
	if strings.HasSuffix(strings.ToLower(name), "port") || strings.HasSuffix(strings.ToLower(name), "timeout") {
		return fmt.Sprint(5000 + n%900)
	}
	if strings.Contains(strings.ToLower(name), "url") {
		return fmt.Sprintf("http://10.0.0.%d:%d", n%200, 5000+n%900)
	}
	values := []string{fmt.Sprintf("alpha%d", n%90), "beta", fmt.Sprintf("10.0.0.%d", n%200), ""}
	if strings.HasSuffix(name, "_text") {
		values = values[:3]
	}
	return values[n%uint32(len(values))]
}

var (
	undefinedFunction = regexp.MustCompile(`function "(\w+)" not defined`)
	fieldChain        = regexp.MustCompile(`\.([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)`)
	rangedField       = regexp.MustCompile(`range\s+(?:\$\w+(?:\s*,\s*\$\w+)?\s*:=\s*)?\$?\w*\.(?:\w+\.)*(\w+)`)
)

// renderGo renders a template with Go's text/template. Functions and fields that are
// not Go's have drawn values; lists have an element or none.
func renderGo(text string, seed int) *string {
	funcs := template.FuncMap{"default": func(other, value any) any { return cmp.Or(value, other) }}
	for range 100 {
		parsed, err := template.New("t").Funcs(funcs).Parse(text)
		if err != nil {
			m := undefinedFunction.FindStringSubmatch(err.Error())
			if m == nil {
				return nil
			}
			funcs[m[1]] = func(args ...any) string { return drawnValue(fmt.Sprint(m[1], len(args)), seed) }
			continue
		}
		var b bytes.Buffer
		if parsed.Execute(&b, drawnFields(text, seed)) != nil {
			return nil
		}
		rendered := b.String()
		return &rendered
	}
	return nil
}

// drawnFields has a value for each field that a template names.
func drawnFields(text string, seed int) map[string]any {
	root, element := make(map[string]any), make(map[string]any)
	ranged := make(map[string]bool)
	for _, m := range rangedField.FindAllStringSubmatch(text, -1) {
		ranged[m[1]] = true
	}
	for _, m := range fieldChain.FindAllStringSubmatch(text, -1) {
		chain := strings.Split(m[1], ".")
		for i := range chain {
			element[chain[i]] = drawnValue(chain[i], seed)
			at := root
			for k, name := range chain[i:] {
				inner, ok := at[name].(map[string]any)
				switch {
				case i+k < len(chain)-1 && !ok:
					inner = make(map[string]any)
					at[name] = inner
				case i+k == len(chain)-1 && !ok && ranged[name]:
					at[name] = []any{element}[:drawn(name, seed)%2]
				case i+k == len(chain)-1 && !ok:
					at[name] = drawnValue(name, seed)
				}
				at = inner
			}
		}
	}
	return root
}

var environment = regexp.MustCompile(`\$\{?([A-Z][A-Z0-9_]*)\}?`)

// renderEnvsubst renders a template as the official image does.
func renderEnvsubst(text string, seed int) *string {
	path, err := exec.LookPath("envsubst")
	if err != nil {
		return nil
	}
	cmd := exec.Command(path, strings.Join(environment.FindAllString(text, -1), " "))
	cmd.Stdin, cmd.Env = strings.NewReader(text), os.Environ()
	for _, m := range environment.FindAllStringSubmatch(text, -1) {
		value := drawnValue(m[1], seed)
		if value == "" {
			value = "gamma"
		}
		cmd.Env = append(cmd.Env, m[1]+"="+value)
	}
	out, err := cmd.Output()
	if err != nil {
		return nil
	}
	rendered := string(out)
	return &rendered
}

// renderHelm renders templates with Helm's engine, which is built as a module of its own.
func renderHelm(t *testing.T, jobs []engineJob) []*string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "helm")
	build := exec.Command("go", "build", "-C", "testdata/helm", "-o", program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Logf("Helm's engine cannot be built: %v\n%s", err, out)
		return make([]*string, len(jobs))
	}
	encoded := make([]any, len(jobs))
	for i, j := range jobs {
		values, _ := drawnFields(j.Text, j.Seed)["Values"].(map[string]any)
		encoded[i] = []any{j.Text, values}
	}
	return renderProgram(t, encoded, program)
}
