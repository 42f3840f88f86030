package lint

import (
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/deploy"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Deployment is a container that runs nginx, as Compose files and Dockerfiles
// describe it.
type Deployment struct {
	Name     string       // such as "service web of compose.yaml"
	Also     []string     // the names of equal ones
	Place    deploy.Place // of the description
	Evidence []string     // the files that describe it
	Image    string
	Versions string // of nginx; "" if unknown
	Main     string // the path of the main file in the container; "" if unknown
	Files    []Mapped
	Unknown  []string // what the evidence does not say
}

// A Mapped file of the repository is read by nginx under another path.
type Mapped struct{ Path, File string }

// Deployments lists the containers that run nginx and are described in or above the
// paths, by name.
func (r *Result) Deployments() []Deployment {
	var all []Deployment
	for _, d := range r.deployed {
		v := Deployment{Name: d.Name, Also: d.Also, Place: d.Place, Evidence: d.Evidence, Image: d.Image, Main: d.Main, Unknown: slices.Clone(d.Open)}
		if d.Version.Numbered {
			v.Versions = d.Version.Versions.String()
		}
		if cfg := r.configOf(d); cfg != nil {
			v.describe(d, cfg)
		}
		all = append(all, v)
	}
	return all
}

func (r *Result) configOf(d *deployed) *model.Model {
	for _, cfg := range r.Configs {
		if r.deployedAs[cfg.Config] == d {
			return cfg
		}
	}
	return nil
}

// describe adds which files are read, and what is not known about them.
func (v *Deployment) describe(d *deployed, cfg *model.Model) {
	for _, f := range cfg.Files {
		if !f.Provided {
			v.Files = append(v.Files, Mapped{d.pathOf(f.Name), f.Name})
		}
	}
	for _, inc := range cfg.Includes {
		if what := "what is in " + inc.Directive.Param(0); inc.Missing && !inc.Harmless && !slices.Contains(v.Unknown, what) {
			v.Unknown = append(v.Unknown, what)
		}
	}
}

// pathOf returns the path in the container of a file that it reads. If there are
// several, it prefers one in a directory that main files include.
func (d *deployed) pathOf(name string) (found string) {
	d.Links(func(at, to string) {
		if below(name, to) && (found == "" || usualPattern(path.Dir(found)) == "") {
			found = path.Join(at, strings.TrimPrefix(strings.TrimPrefix(name, to), "/"))
		}
	})
	return found
}

// readers names the deployed that read a file.
func (r *Result) readers(f *parser.File) (names []string) {
	for _, cfg := range r.Configs {
		if d := r.deployedAs[cfg.Config]; d != nil && slices.Contains(cfg.Files, f) {
			names = append(names, d.Name)
		}
	}
	return names
}
