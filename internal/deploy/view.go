package deploy

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"
)

// serviceView returns the view of a service, or nil if it does not run nginx.
func (r *reader) serviceView(p *project, s *service, built map[string]bool) *View {
	v := &View{
		Name: cmp.Or(p.kind, "service") + " " + s.name + " of " + p.title(), Service: s.name, Place: s.place, Evidence: slices.Clone(p.files),
		Image: s.image, Sealed: !s.more, Host: s.networkMode != "",
	}
	b := r.buildOf(v, s, built)
	v.Neighbours = p.neighbours(s)
	for _, other := range p.services {
		v.Host = v.Host || strings.HasPrefix(other.networkMode, "service:"+s.name)
	}
	v.Environment, v.Published = b.env.with(s.variables()).all, s.ports
	r.mount(v, b, s)
	v.service, v.Files, v.Private = s, s.files, p.private(s)
	entrypoint, cmd := b.entrypoint, b.cmd
	if s.entrypoint != nil {
		entrypoint, cmd = s.entrypoint, nil
	}
	if s.command != nil {
		cmd = s.command
	}
	b.workdir = cmp.Or(s.workdir, b.workdir)
	return r.finish(v, b, entrypoint, cmd)
}

// buildOf returns what a service's container begins with.
func (r *reader) buildOf(v *View, s *service, built map[string]bool) *build {
	b := &build{reader: r}
	switch {
	case s.build == nil:
		v.ImageFile = s.place.File
		b.image = imageOf(s.image, s.imageKnown)
		b.tree = r.imageTree(b.image)
		return b
	case s.build.ok:
		v.Context = s.build.context
		name, ok := join(s.build.context, cmp.Or(s.build.dockerfile, "Dockerfile"))
		text := []byte(s.build.inline)
		if len(text) == 0 && ok {
			built[name] = true
			text, ok = r.text(name)
			v.Evidence = append(v.Evidence, name)
		}
		if ok {
			if c := r.carryOut(name, text, s.build.context, true, s.build.target, s.build.args); c != nil {
				v.Image, v.ImageFile = c.image.name, name
				return c
			}
		}
	}
	b.tree = r.imageTree(b.image)
	return b
}

// dockerfileView returns the view of a Dockerfile's last stage, or nil if it does not
// run nginx.
func (r *reader) dockerfileView(name string) *View {
	text, ok := r.text(name)
	if !ok {
		return nil
	}
	context, ok := r.contextOf(name, text)
	b := r.carryOut(name, text, context, ok, "", nil)
	if b == nil {
		return nil
	}
	v := &View{Name: path.Base(name), Place: b.place, Evidence: []string{name}, Image: b.image.name, ImageFile: name, Environment: b.env.all, Context: context}
	return r.finish(v, b, b.entrypoint, b.cmd)
}

// contextOf returns the directory that a Dockerfile is built in, for which there is no
// evidence but what it copies: the nearest one with most of these files.
func (r *reader) contextOf(name string, text []byte) (string, bool) {
	var sources []string
	for _, in := range readDockerfile(text) {
		words, _ := in.words()
		if in.name == "COPY" && in.flag("from") == "" && len(words) > 1 {
			sources = append(sources, words[:len(words)-1]...)
		}
	}
	best, most := path.Dir(name), 0
	for dir, levels := path.Dir(name), 0; levels < 4; dir, levels = path.Dir(dir), levels+1 {
		if _, err := r.real(dir); err != nil {
			break
		}
		found := 0
		for _, s := range sources {
			if full, ok := join(dir, strings.TrimLeft(s, "/")); ok && s != "." && s != "./" {
				if _, exists := r.kind(full); exists {
					found++
				}
			}
		}
		if found > most {
			best, most = dir, found
		}
		if dir == "." {
			break
		}
	}
	return best, true
}

// mount mounts what a service mounts.
func (r *reader) mount(v *View, b *build, s *service) {
	mounts := slices.Clone(s.mounts)
	sort.SliceStable(mounts, func(i, j int) bool {
		return len(elements(mounts[i].target)) < len(elements(mounts[j].target))
	})
	for _, m := range mounts {
		v.Mounted = append(v.Mounted, m.target)
		switch _, exists := r.kind(m.source); {
		case m.memory:
			b.tree.put(m.target, newDir())
		case m.text != nil:
			b.tree.put(m.target, &node{text: m.text, place: m.place})
		case m.inRepo && exists:
			b.tree.put(m.target, &node{link: m.source, place: m.place})
		case m.inRepo || strings.HasPrefix(m.volume, "/") || m.volume == "":
			b.tree.put(m.target, &node{unknown: true, place: m.place})
		default: // a new volume has what the image has there
			b.tree.dir(m.target).unknown = true
		}
	}
}

// private returns where a service mounts a volume that no other container can have.
func (p *project) private(s *service) (targets []string) {
	for _, m := range s.mounts {
		plain := m.memory || !m.inRepo && m.text == nil && !strings.ContainsAny(m.volume, "/~.$\\") && !p.outside[m.volume]
		if plain && !slices.ContainsFunc(p.sorted(), func(other *service) bool { return other.name != s.name && (other.more || other.mountsVolume(m)) }) {
			targets = append(targets, m.target)
		}
	}
	return targets
}

// mountsVolume reports whether a service mounts the named volume of another one's mount.
func (s *service) mountsVolume(of mount) bool {
	return !of.memory && of.volume != "" && slices.ContainsFunc(s.mounts, func(m mount) bool { return m.volume == of.volume })
}

// neighbours are the services that share a network with a service.
func (p *project) neighbours(s *service) (all []Neighbour) {
	for _, other := range p.sorted() {
		if other.name != s.name && s.sharing(other) {
			all = append(all, Neighbour{Name: other.name, Names: other.names, Ports: other.listening(), Published: other.ports})
		}
	}
	return all
}

// finish works out the main file and what the commands do.
func (r *reader) finish(v *View, b *build, entrypoint, cmd *argv) *View {
	v.Version, v.Known = b.image.version, b.image.known != nil
	v.tree, v.Empties = b.tree, b.empties
	v.Main = "/etc/nginx/nginx.conf"
	if k := b.image.known; k != nil {
		v.Main = k.main
		if k.templates && entrypoint == nil && startsDirectly(cmd) {
			v.renderTemplates()
		}
	}
	started := r.start(v, b, entrypoint, cmd)
	v.Alone = v.Known && b.image.alone && !b.more && (started || startsNginx(entrypoint, cmd))
	if b.image.known != nil && b.image.late {
		v.tree.provide(b.image)
	}
	if v.Main == "" {
		return v
	}
	main, unknown := v.tree.at(v.Main)
	switch {
	case main == nil && b.image.known == nil && !(b.image.runsNginx() && slices.ContainsFunc(v.Mounted, usual)):
		return nil // else the version is known, of an nginx that reads what is mounted
	case main == nil || main.children != nil || main.text == nil && main.link == "":
		v.Open = append(v.Open, fmt.Sprintf("what is in %s", v.Main))
		v.Main = ""
	case unknown && b.image.known == nil && main.link == "":
		return nil
	}
	return v
}
