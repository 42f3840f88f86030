package deploy

import (
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
)

// A project is what one or more Compose files together describe.
type project struct {
	kind     string // of its services, in names: "" for service
	files    []string
	services map[string]*service
	given    map[string]given // the configs and secrets, by kind and name
	outside  map[string]bool  // the volumes that others than its services can mount
	included []string         // the files that another one includes
}

// A service is one service of a project.
type service struct {
	name        string
	place       Place
	image       string
	imageKnown  bool // no variable of its name is unknown
	build       *buildSpec
	command     *argv
	entrypoint  *argv
	environment environment
	envFiles    []envFile // their variables come before those of environment, whatever file names them
	mounts      []mount
	ports       []Port
	expose      []string
	networks    []string
	names       []string
	networkMode string
	workdir     string
	fixed       bool   // nothing can be written but in mounts
	openEnv     bool   // an env_file could not be read, or a base is not known
	files       int    // the limit of open files, ulimits.nofile; 0 if it is not set
	shell       lookup // the variables of the .env file, which are those of the Compose file only
	more        bool   // it takes mounts from another service
}

// An envFile is a file of env_file with its variables.
type envFile struct {
	name      string
	variables []Variable
}

// variables returns the environment of a service.
func (s *service) variables() []Variable {
	var e environment
	for _, f := range s.envFiles {
		e.set(f.variables...)
	}
	return e.with(s.environment.all).all
}

// A buildSpec says how an image is built.
type buildSpec struct {
	context    string // a directory of the repository
	ok         bool   // it is one
	dockerfile string // relative to the context
	inline     string
	target     string
	args       []Variable
}

// An argv is a command: words, or one text for a shell.
type argv struct {
	words []string
	shell string
	known bool // all variables of it are
	place Place
}

// A mount is what a path of the container leads to.
type mount struct {
	target string
	source string // in the repository
	inRepo bool   // source may be in the repository
	volume string // the name of a volume, or the path on the host
	text   []byte // the content of a config
	fixed  bool   // nothing can be written there
	memory bool   // a tmpfs, which is empty at the start
	place  Place
}

// A composeFile is one file that is read.
type composeFile struct {
	*reader
	name string
	dir  string // that its paths are relative to
	vars lookup
	root *yaml.Node
}

// openCompose reads a file. The values of variables are those of the .env file in a
// directory.
func (r *reader) openCompose(name, dir string) (*composeFile, bool) {
	text, ok := r.text(name)
	if !ok {
		return nil, false
	}
	root, err := yaml.First(text)
	if err != nil || root == nil {
		return nil, false
	}
	return &composeFile{reader: r, name: name, dir: dir, vars: r.dotenvOf(dir), root: root}, true
}

// dotenvOf returns the variables of the .env file in a directory.
func (r *reader) dotenvOf(dir string) lookup {
	name := path.Join(dir, ".env")
	text, _ := r.text(name)
	values := make(map[string]Variable)
	for _, v := range dotenv(text, name) {
		values[v.Name] = v
	}
	return func(name string) (string, bool) {
		v := values[name]
		return v.Value, v.Known
	}
}

// project reads a file with everything that it includes and extends.
func (f *composeFile) project(depth int) *project {
	p := &project{files: []string{f.name}, services: make(map[string]*service), given: make(map[string]given), outside: make(map[string]bool)}
	if n := yaml.Resolve(yaml.Field(f.root, "include")); n != nil && depth < maxDepth {
		for _, item := range n.Content {
			f.include(p, yaml.Resolve(item), depth)
		}
	}
	for _, kind := range []string{"configs", "secrets"} {
		yaml.Each(yaml.Field(f.root, kind), func(key, value *yaml.Node) {
			if _, again := p.given[kind+" "+key.Value]; !again {
				p.given[kind+" "+key.Value] = f.given(value)
			}
		})
	}
	yaml.Each(yaml.Field(f.root, "volumes"), func(key, value *yaml.Node) {
		value = yaml.Resolve(value)
		p.outside[key.Value] = p.outside[key.Value] || value.Kind == yaml.Mapping && len(value.Content) > 0
	})
	own := make(map[string]*service)
	yaml.Each(yaml.Field(f.root, "services"), func(key, value *yaml.Node) {
		if f.services++; f.services > maxServices || own[key.Value] != nil {
			return
		}
		s := f.service(key, value, depth)
		f.useGiven(s, value, p.given)
		own[key.Value] = s
	})
	for name, s := range own {
		p.services[name] = s
	}
	return p
}

// include adds the services of an included file.
func (f *composeFile) include(p *project, item *yaml.Node, depth int) {
	paths, dir := f.list(item), ""
	if item.Kind == yaml.Mapping {
		paths = f.list(yaml.Field(item, "path"))
		dir, _ = f.str(yaml.Field(item, "project_directory"))
	}
	for _, name := range paths {
		name, ok := join(f.dir, name)
		if !ok {
			continue
		}
		base := path.Dir(name)
		if dir != "" {
			if base, ok = join(f.dir, dir); !ok {
				continue
			}
		}
		other, ok := f.openCompose(name, base)
		if !ok {
			continue
		}
		included := other.project(depth + 1)
		p.merge(included)
		for _, name := range included.files {
			if name != f.name {
				p.included = append(p.included, name)
			}
		}
	}
}

// merge adds another file's services to a project. Its values win.
func (p *project) merge(other *project) {
	p.files = append(p.files, other.files...)
	for name, g := range other.given {
		p.given[name] = g
	}
	for name, is := range other.outside {
		p.outside[name] = p.outside[name] || is
	}
	for name, s := range other.services {
		if base := p.services[name]; base != nil {
			s = base.with(s)
		}
		p.services[name] = s
	}
}

func (f *composeFile) place(n *yaml.Node) Place { return Place{f.name, n.Line} }

// str returns a scalar with its variables replaced; known is false if one of them is
// not known.
func (f *composeFile) str(n *yaml.Node) (text string, known bool) {
	if n = yaml.Resolve(n); n == nil || n.Kind != yaml.Scalar {
		return "", n == nil
	}
	if n.Tag == "!!null" {
		return "", true
	}
	return interpolate(n.Value, f.vars, false)
}

// list returns a list of texts, or the only one.
func (f *composeFile) list(n *yaml.Node) (all []string) {
	if n = yaml.Resolve(n); n == nil {
		return nil
	}
	if n.Kind == yaml.Scalar {
		text, _ := f.str(n)
		return []string{text}
	}
	if n.Kind == yaml.Sequence {
		for _, item := range n.Content {
			if text, _ := f.str(item); text != "" {
				all = append(all, text)
			}
		}
	}
	return all
}

// addMount adds a mount. The last one on a path wins.
func (s *service) addMount(m mount) {
	if i := slices.IndexFunc(s.mounts, func(o mount) bool { return o.target == m.target }); i >= 0 {
		s.mounts[i] = m
		return
	}
	s.mounts = append(s.mounts, m)
}

// isCompose reports whether a file has the name of a Compose file.
func isCompose(name string) bool {
	name = strings.ToLower(path.Base(name))
	return (strings.HasPrefix(name, "docker-compose") || strings.HasPrefix(name, "compose") || strings.HasPrefix(name, "podman-compose")) && (strings.HasSuffix(name, ".yml") || strings.HasSuffix(name, ".yaml"))
}
