package deploy

import (
	"cmp"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// IsEvidence reports whether a file has the name of a Compose file, a Dockerfile or a
// script that may start containers.
func IsEvidence(name string) bool { return isCompose(name) || isDockerfile(name) || IsScript(name) }

// Find returns the views that the named files describe, by name.
func Find(src Source, names []string) []*View {
	r := &reader{Source: src, texts: make(map[string][]byte), lists: make(map[string][]fs.DirEntry)}
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	var views []*View
	built := make(map[string]bool) // Dockerfiles that a service builds
	for _, p := range r.projects(names) {
		for _, s := range p.sorted() {
			views = append(views, r.serviceView(p, s, built))
		}
	}
	for _, name := range names {
		if p := r.runs(name); p != nil {
			for _, s := range p.sorted() {
				if s.mountsFiles() { // others say nothing about this repository
					views = append(views, r.serviceView(p, s, built))
				}
			}
		}
	}
	for _, name := range names {
		if isDockerfile(name) && !built[name] {
			views = append(views, r.dockerfileView(name))
		}
	}
	views = slices.DeleteFunc(views, func(v *View) bool { return v == nil })
	views = distinct(views)
	slices.SortStableFunc(views, func(a, b *View) int { return cmp.Compare(a.Name, b.Name) })
	return views
}

// projects reads the Compose files: in each directory the usual one with its
// override, other files on top of it where they only add to it, and by themselves
// where they are complete.
func (r *reader) projects(names []string) (all []*project) {
	byDir := make(map[string][]string)
	var dirs []string
	for _, name := range names {
		if isCompose(name) {
			dir := path.Dir(name)
			if byDir[dir] == nil {
				dirs = append(dirs, dir)
			}
			byDir[dir] = append(byDir[dir], name)
		}
	}
	included := make(map[string]bool)
	for _, dir := range dirs {
		all = append(all, r.projectsOf(dir, byDir[dir])...)
	}
	for _, p := range all {
		for _, name := range p.included {
			included[name] = true
		}
	}
	return slices.DeleteFunc(all, func(p *project) bool { return len(p.files) == 1 && included[p.files[0]] })
}

// usualNames are the names that Compose looks for, best first.
var usualNames = []string{"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"}

// projectsOf returns the projects of the Compose files of a directory.
func (r *reader) projectsOf(dir string, names []string) (all []*project) {
	usual, override := "", ""
	for _, name := range usualNames {
		if full := path.Join(dir, name); usual == "" && slices.Contains(names, full) {
			usual = full
		}
	}
	for _, name := range names {
		if strings.Contains(path.Base(name), ".override.") {
			override = name
		}
	}
	base := r.open(usual, dir)
	if base != nil {
		all = append(all, base.on(nil, r.open(override, dir)))
	}
	for _, name := range names {
		if name == usual || name == override {
			continue
		}
		p := r.open(name, dir)
		switch {
		case p == nil:
		case base != nil && p.partial():
			all = append(all, p.on(base, nil))
		default:
			all = append(all, p)
		}
	}
	return all
}

// open reads the project of one file, or returns nil.
func (r *reader) open(name, dir string) *project {
	if name == "" {
		return nil
	}
	f, ok := r.openCompose(name, dir)
	if !ok {
		return nil
	}
	return f.project(0)
}

// on returns a project on top of another one and below a third; either can be nil.
func (p *project) on(base, over *project) *project {
	all := &project{services: make(map[string]*service), given: make(map[string]given), outside: make(map[string]bool)}
	for _, part := range []*project{base, p, over} {
		if part != nil {
			all.merge(part)
			all.included = append(all.included, part.included...)
		}
	}
	return all
}

// partial reports whether a service has neither an image nor a build: the file is for
// use on top of another one.
func (p *project) partial() bool {
	for _, s := range p.services {
		if s.image == "" && s.build == nil {
			return true
		}
	}
	return false
}

// sorted returns the services by name.
func (p *project) sorted() []*service {
	return slices.SortedFunc(maps.Values(p.services), func(a, b *service) int { return cmp.Compare(a.name, b.name) })
}

// title names the files of a project.
func (p *project) title() string {
	var names []string
	for _, f := range p.files {
		if name := path.Base(f); !slices.Contains(p.included, f) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " with ")
}

// distinct merges views that are equal in all that matters.
func distinct(views []*View) (all []*View) {
	seen := make(map[string]*View)
	for _, v := range views {
		key := v.signature()
		if same := seen[key]; same != nil {
			same.Also = append(same.Also, v.Name)
			same.Evidence = union(same.Evidence, v.Evidence)
			continue
		}
		seen[key] = v
		all = append(all, v)
	}
	return all
}
