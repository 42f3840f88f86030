package deploy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// readersEnvironment names the program of testdata/readers.
const readersEnvironment = "NGINX_WS_LINT_READERS"

// theirs is a service as compose-go reads it.
type theirs struct {
	Image                                       string
	Environment                                 map[string]*string
	Mounts                                      map[string]string
	Ports, Networks, Command, Entrypoint, Build []string
}

// TestRealReaders compares what is read of Compose files with what compose-go reads: of
// those in testdata, and of random ones. `make prove-deploy` runs it.
func TestRealReaders(t *testing.T) {
	program := os.Getenv(readersEnvironment)
	if program == "" {
		t.Skip("make prove-deploy builds compose-go and runs this")
	}
	repositories := readerCases(t)
	var jobs []any
	for i, files := range repositories {
		dir := filepath.Join(t.TempDir(), fmt.Sprint(i))
		for name, f := range files {
			if err := os.MkdirAll(filepath.Join(dir, path.Dir(name)), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		jobs = append(jobs, []any{dir, usualFiles(files)})
	}
	var all []map[string]theirs
	said := ask(t, program, jobs, &all)
	services, compared, refused := 0, 0, 0
	for i, files := range repositories {
		if all[i] == nil {
			refused++
			continue
		}
		p := projectOf(files)
		for name, their := range all[i] {
			services++
			compared += compareService(t, files, p.services[name], name, their)
		}
	}
	t.Logf("%d repositories, %d of which compose-go refuses; %d services, %d values are the same\n%s", len(repositories), refused, services, compared, said)
}

// ask gives a program jobs, and returns what it wrote on standard error.
func ask(t *testing.T, program string, jobs, answers any, args ...string) string {
	t.Helper()
	input, err := json.Marshal(jobs)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, args...)
	var said bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), &said
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, answers)
	}
	if err != nil {
		t.Fatal(err, said.String())
	}
	return said.String()
}

// usualFiles returns the files that docker compose reads in the root of a repository.
func usualFiles(files fstest.MapFS) (names []string) {
	for _, name := range append(slices.Clone(usualNames), "compose.override.yaml", "docker-compose.override.yml") {
		if files[name] != nil {
			names = append(names, name)
		}
	}
	return names
}

func projectOf(files fstest.MapFS) *project {
	store := parser.NewFiles(files)
	r := &reader{Source: Source{FS: store.Snapshot(), Read: store.ReadRegular, Allowed: func(string) bool { return true }, Unread: func(string, error) {}}, texts: make(map[string][]byte)}
	return r.projectsOf(".", usualFiles(files))[0]
}

// compareService returns how many values of a service are the same as compose-go's.
func compareService(t *testing.T, files fstest.MapFS, s *service, name string, their theirs) (n int) {
	t.Helper()
	same := func(what string, ours, other any) {
		t.Helper()
		if n++; fmt.Sprint(ours) != fmt.Sprint(other) {
			t.Errorf("service %s, %s: %v, compose-go has %v\n%s\n%s", name, what, ours, other, files[usualFiles(files)[0]].Data, files[".env"])
		}
	}
	if s == nil {
		t.Errorf("service %s is not read\n%s", name, files[usualFiles(files)[0]].Data)
		return 0
	}
	if s.imageKnown {
		same("image", s.image, their.Image)
	}
	for _, v := range s.variables() {
		if value := their.Environment[v.Name]; v.Known && value != nil {
			same("environment "+v.Name, v.Value, *value)
		}
	}
	same("names of the environment", len(s.variables()), len(their.Environment))
	for _, target := range slices.Sorted(maps.Keys(their.Mounts)) {
		i := slices.IndexFunc(s.mounts, func(m mount) bool { return m.target == target })
		switch source := their.Mounts[target]; {
		case i < 0:
			t.Errorf("service %s: the mount at %s is not read\n%s", name, target, files[usualFiles(files)[0]].Data)
		case s.mounts[i].inRepo:
			same("mount "+target, s.mounts[i].source, source)
		case !strings.HasPrefix(source, "../"):
			same("volume "+target, s.mounts[i].volume, source)
		}
	}
	var ports []string
	for _, p := range s.ports {
		ports = append(ports, p.Host+":"+p.Container)
	}
	if !strings.Contains(strings.Join(ports, " "), "-") {
		same("ports", slices.Sorted(slices.Values(ports)), slices.Sorted(slices.Values(their.Ports)))
	}
	if networks := slices.Sorted(slices.Values(their.Networks)); len(s.networks) > 0 || !slices.Equal(networks, []string{"default"}) {
		same("networks", slices.Sorted(slices.Values(s.networks)), networks)
	}
	for what, a := range map[string]*argv{"command": s.command, "entrypoint": s.entrypoint} {
		if a != nil && a.known {
			same(what, a.words, map[string][]string{"command": their.Command, "entrypoint": their.Entrypoint}[what])
		}
	}
	if b := s.build; b != nil && b.ok && len(their.Build) > 0 {
		dockerfile := b.dockerfile
		if dockerfile == "" && b.inline == "" {
			dockerfile = "Dockerfile"
		}
		same("build", []string{b.context, dockerfile, b.target}, their.Build)
	}
	return n
}
