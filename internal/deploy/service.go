package deploy

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
)

// service reads a service.
func (f *composeFile) service(key, n *yaml.Node, depth int) *service {
	s := &service{name: key.Value, place: f.place(key), imageKnown: true, names: []string{key.Value}}
	s.image, s.imageKnown = f.str(yaml.Field(n, "image"))
	s.build = f.buildSpec(yaml.Field(n, "build"))
	s.command, s.entrypoint = f.argv(yaml.Field(n, "command")), f.argv(yaml.Field(n, "entrypoint"))
	for _, name := range f.envFiles(yaml.Field(n, "env_file")) {
		name, ok := join(f.dir, name)
		text, exists := f.text(name)
		s.openEnv = s.openEnv || !ok || !exists
		s.envFiles = append(s.envFiles, envFile{name, dotenv(text, name)})
	}
	s.environment.set(f.pairs(yaml.Field(n, "environment"))...)
	s.networkMode, _ = f.str(yaml.Field(n, "network_mode"))
	s.workdir, _ = f.str(yaml.Field(n, "working_dir"))
	if name, _ := f.str(yaml.Field(n, "container_name")); name != "" {
		s.names = append(s.names, name)
	}
	f.networks(s, yaml.Field(n, "networks"))
	if ports := yaml.Field(n, "ports"); ports != nil {
		for _, p := range ports.Content {
			f.port(s, yaml.Resolve(p))
		}
	}
	for _, p := range f.list(yaml.Field(n, "expose")) {
		p, _, _ = strings.Cut(p, "/")
		s.expose = append(s.expose, p)
	}
	if volumes := yaml.Field(n, "volumes"); volumes != nil {
		for _, v := range volumes.Content {
			f.mount(s, yaml.Resolve(v))
		}
	}
	for _, target := range f.list(yaml.Field(n, "tmpfs")) {
		target, _, _ = strings.Cut(target, ":")
		s.addMount(mount{target: path.Clean(target), memory: true, place: f.place(n)})
	}
	s.files = f.openFiles(yaml.Field(n, "ulimits"))
	s.shell = f.vars
	fixed, _ := f.str(yaml.Field(n, "read_only"))
	s.fixed = fixed == "true"
	s.more = yaml.Field(n, "volumes_from") != nil
	if e := yaml.Field(n, "extends"); e != nil {
		return f.extend(s, e, depth)
	}
	return s
}

// extend returns a service on top of the one that it extends.
func (f *composeFile) extend(s *service, n *yaml.Node, depth int) *service {
	name, _ := f.str(n)
	from := f
	if n.Kind == yaml.Mapping {
		name, _ = f.str(yaml.Field(n, "service"))
		if file, _ := f.str(yaml.Field(n, "file")); file != "" {
			file, ok := join(f.dir, file)
			if ok {
				from, ok = f.openCompose(file, path.Dir(file))
			}
			if !ok {
				s.more, s.openEnv = true, true
				return s
			}
		}
	}
	var base *service
	yaml.Each(yaml.Field(from.root, "services"), func(key, value *yaml.Node) {
		if base == nil && key.Value == name && depth < maxDepth {
			base = from.service(key, value, depth+1)
		}
	})
	if base == nil {
		s.more, s.openEnv = true, true
		return s
	}
	base.names = slices.DeleteFunc(base.names, func(other string) bool { return other == base.name })
	base.name, base.place = s.name, s.place
	return base.with(s)
}

// with returns a service with what a later file says about it.
func (s *service) with(over *service) *service {
	r := *s
	if over.image != "" {
		r.image, r.imageKnown = over.image, over.imageKnown
	}
	r.build = s.build.with(over.build)
	if over.command != nil {
		r.command = over.command
	}
	if over.entrypoint != nil {
		r.entrypoint = over.entrypoint
	}
	r.environment = s.environment.with(over.environment.all)
	r.envFiles = slices.Clone(s.envFiles)
	for _, f := range over.envFiles {
		if !slices.ContainsFunc(s.envFiles, func(g envFile) bool { return g.name == f.name }) {
			r.envFiles = append(r.envFiles, f)
		}
	}
	r.mounts = slices.Clone(s.mounts)
	for _, m := range over.mounts {
		r.addMount(m)
	}
	r.ports, r.expose = union(s.ports, over.ports), union(s.expose, over.expose)
	r.networks, r.names = union(s.networks, over.networks), union(s.names, over.names)
	if over.networkMode != "" {
		r.networkMode = over.networkMode
	}
	r.shell, r.files = over.shell, cmp.Or(over.files, s.files)
	r.workdir = cmp.Or(over.workdir, s.workdir)
	r.fixed, r.openEnv, r.more = s.fixed || over.fixed, s.openEnv || over.openEnv, s.more || over.more
	return &r
}

func (b *buildSpec) with(over *buildSpec) *buildSpec {
	if b == nil || over == nil {
		if over != nil {
			return over
		}
		return b
	}
	r := *b
	if over.context != "" {
		r.context, r.ok = over.context, over.ok
	}
	if over.dockerfile != "" {
		r.dockerfile = over.dockerfile
	}
	if over.inline != "" {
		r.inline = over.inline
	}
	if over.target != "" {
		r.target = over.target
	}
	r.args = newEnvironment(b.args).with(over.args).all
	return &r
}

// buildSpec reads "build: dir" and its long form.
func (f *composeFile) buildSpec(n *yaml.Node) *buildSpec {
	if n == nil {
		return nil
	}
	b := &buildSpec{}
	known := true
	context, ok := f.str(n)
	if n.Kind == yaml.Mapping {
		context, ok = f.str(yaml.Field(n, "context"))
		if context == "" {
			context = "."
		}
		b.dockerfile, known = f.str(yaml.Field(n, "dockerfile"))
		b.inline, _ = f.str(yaml.Field(n, "dockerfile_inline"))
		b.target, _ = f.str(yaml.Field(n, "target"))
		b.args = f.pairs(yaml.Field(n, "args"))
	}
	b.context, b.ok = join(f.dir, context)
	b.ok = b.ok && ok && known
	return b
}

// pairs reads "NAME: value" or "- NAME=value". Without a value it is that of the
// shell, which is unknown unless the .env file has it.
func (f *composeFile) pairs(n *yaml.Node) (all []Variable) {
	if n != nil && n.Kind == yaml.Sequence {
		for _, item := range n.Content {
			text, known := f.str(item)
			name, value, ok := strings.Cut(text, "=")
			if !ok {
				value, known = f.vars(name)
			}
			all = append(all, Variable{name, value, known, f.place(item)})
		}
		return all
	}
	yaml.Each(n, func(key, v *yaml.Node) {
		value, known := f.str(v)
		if v.Tag == "!!null" {
			value, known = f.vars(key.Value)
		}
		all = append(all, Variable{key.Value, value, known, f.place(key)})
	})
	return all
}

// envFiles returns the files of env_file.
func (f *composeFile) envFiles(n *yaml.Node) []string {
	names := f.list(n)
	if n != nil && n.Kind == yaml.Sequence {
		for _, item := range n.Content {
			if path := yaml.Field(item, "path"); path != nil {
				names = append(names, f.list(path)...)
			}
		}
	}
	return names
}

// argv reads a command: a list, or a text that Compose splits as a shell would,
// without a shell.
func (f *composeFile) argv(n *yaml.Node) *argv {
	if n == nil || n.Tag == "!!null" {
		return nil
	}
	a := &argv{known: true, place: f.place(n)}
	if n.Kind == yaml.Scalar {
		text, known := f.str(n)
		a.known = known
		a.words = splitWords(text)
		return a
	}
	for _, item := range n.Content {
		word, known := f.str(item)
		a.known = a.known && known
		a.words = append(a.words, word)
	}
	return a
}
