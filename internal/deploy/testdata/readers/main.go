// Command readers reads Compose files with compose-go, for TestRealReaders: a JSON list of
// [directory, files] on standard input, a JSON list of services by name (null for none) on
// standard output. With the argument dockerfile it reads Dockerfiles with BuildKit's parser:
// a JSON list of texts, a JSON list of their instructions. It is a module of its own, so that
// the project does not depend on these.
package main

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/sirupsen/logrus"
)

// A Service is what is compared of one.
type Service struct {
	Image       string
	Environment map[string]*string
	Mounts      map[string]string // by target: the source
	Ports       []string          // host:container
	Networks    []string
	Command     []string
	Entrypoint  []string
	Build       []string // context, Dockerfile, target
}

type job struct {
	dir   string
	files []string
}

func (j *job) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&j.dir, &j.files})
}

func main() {
	log.SetFlags(0)
	logrus.SetOutput(io.Discard)
	if len(os.Args) > 1 {
		dockerfiles()
		return
	}
	var jobs []job
	if err := json.NewDecoder(os.Stdin).Decode(&jobs); err != nil {
		log.Fatal(err)
	}
	all := make([]map[string]Service, len(jobs))
	for i, j := range jobs {
		all[i] = read(j)
	}
	if err := json.NewEncoder(os.Stdout).Encode(all); err != nil {
		log.Fatal(err)
	}
}

func read(j job) map[string]Service {
	for i, name := range j.files {
		j.files[i] = filepath.Join(j.dir, name)
	}
	dir := filepath.Dir(j.files[0])
	options, err := cli.NewProjectOptions(j.files, cli.WithName("p"), cli.WithWorkingDirectory(dir), cli.WithEnvFiles(), cli.WithDotEnv, cli.WithProfiles([]string{"*"}), cli.WithResolvedPaths(true))
	if err != nil {
		log.Println(j.dir, err)
		return nil
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		log.Println(j.dir, err)
		return nil
	}
	all := make(map[string]Service)
	for _, s := range project.Services {
		all[s.Name] = service(j.dir, s)
	}
	return all
}

func service(dir string, s types.ServiceConfig) Service {
	relative := func(name string) string {
		if r, err := filepath.Rel(dir, name); err == nil && filepath.IsAbs(name) {
			return r
		}
		return name
	}
	r := Service{Image: s.Image, Environment: s.Environment, Mounts: make(map[string]string), Command: s.Command, Entrypoint: s.Entrypoint}
	for _, v := range s.Volumes {
		r.Mounts[filepath.Clean(v.Target)] = v.Source
		if v.Type == "bind" {
			r.Mounts[filepath.Clean(v.Target)] = relative(v.Source)
		}
	}
	for _, p := range s.Ports {
		r.Ports = append(r.Ports, p.Published+":"+strconv.Itoa(int(p.Target)))
	}
	for name := range s.Networks {
		r.Networks = append(r.Networks, name)
	}
	if s.Build != nil {
		r.Build = []string{relative(s.Build.Context), s.Build.Dockerfile, s.Build.Target}
	}
	return r
}

// An Instruction is what is compared of one: its name in upper case, its flags, and its
// heredocs.
type Instruction struct {
	Name  string
	Line  int
	Flags []string
	Docs  []string
}

func dockerfiles() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		log.Fatal(err)
	}
	all := make([][]Instruction, len(texts))
	for i, text := range texts {
		result, err := parser.Parse(strings.NewReader(text))
		if err != nil {
			continue
		}
		all[i] = []Instruction{}
		for _, n := range result.AST.Children {
			in := Instruction{Name: strings.ToUpper(n.Value), Line: n.StartLine, Flags: n.Flags}
			for _, d := range n.Heredocs {
				in.Docs = append(in.Docs, d.Name, strconv.FormatBool(!d.Expand), d.Content)
			}
			all[i] = append(all[i], in)
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(all); err != nil {
		log.Fatal(err)
	}
}
