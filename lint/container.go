package lint

import (
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/compose"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// onlyNginx matches images that run only nginx.
var onlyNginx = lazyregexp.New(`^(?:docker\.io/)?(?:library/)?(?:nginx|nginxinc/nginx-unprivileged|openresty/openresty)(?:[:@]|$)`)

// A home is a service that runs nginx, with the paths of the configurations that it
// sees.
type home struct {
	compose.Service
	dirs []string // directories that it sees completely
	only []string // directories of which it sees a file
}

// describeServices reads a compose file of a directory.
func (e *evidence) describeServices(d *described, text []byte, base string) {
	services, err := compose.Read(text)
	if err != nil {
		return
	}
	d.services = services
	for _, s := range services {
		if e.runsNginx(s, base) {
			d.nginx = append(d.nginx, e.home(s, base))
		}
	}
}

// home returns what a service sees. It mounts a directory or a file, or its image is
// built in a directory.
func (e *evidence) home(s compose.Service, base string) *home {
	h := &home{Service: s}
	if s.Context != "" {
		h.dirs = append(h.dirs, path.Join(base, s.Context))
	}
	for _, m := range s.Mounts {
		m = path.Join(base, m)
		info, err := fs.Stat(e.fsys, m)
		e.unread(m, err)
		switch {
		case err != nil:
		case info.IsDir():
			h.dirs = append(h.dirs, m)
		default:
			h.only = append(h.only, path.Dir(m))
		}
	}
	return h
}

// reads reports whether a service sees the configuration of a directory.
func (h *home) reads(dir string) bool {
	return slices.Contains(h.only, dir) || slices.ContainsFunc(h.dirs, func(d string) bool { return below(dir, d) })
}

// compose records what a compose file says about the container in which nginx runs
// with the configuration of a directory. Nothing is recorded if files differ, if two
// services run such an nginx, or if the container shares a network with its host or
// another container.
func (e *evidence) compose(d *described, name, dir string) {
	for _, h := range d.nginx {
		if e.vague {
			break
		}
		if h.reads(dir) {
			e.recordContainer(h.Service, d.services, path.Base(name))
		}
	}
	if e.vague {
		e.box = nil
	}
}

// recordContainer records that a service is the nginx that reads the configuration.
func (e *evidence) recordContainer(s compose.Service, services []compose.Service, source string) {
	c := &rules.Container{Service: s.Name, Source: source, Mounted: s.Targets, Sealed: !s.MoreMounts}
	vague := s.NetworkMode != ""
	shares := s.Sharing()
	for _, other := range services {
		vague = vague || strings.HasPrefix(other.NetworkMode, "service:"+s.Name)
		if other.Name != s.Name && shares(other) {
			c.Others = append(c.Others, rules.Service{Name: other.Name, Names: other.Names, Ports: other.Ports})
		}
	}
	if known := e.box; vague || known != nil && (known.Service != c.Service || !reflect.DeepEqual(known.Others, c.Others)) {
		e.vague = true
	}
	e.box = c
}

// below reports whether a path is a directory or lies in it.
func below(name, dir string) bool {
	return dir == "." || name == dir || strings.HasPrefix(name, dir+"/")
}

// runsNginx reports whether a service runs only nginx.
func (e *evidence) runsNginx(s compose.Service, base string) bool {
	if s.Context == "" {
		return onlyNginx().MatchString(s.Image)
	}
	name := path.Join(base, s.Context, s.Dockerfile)
	runs, known := e.builds[name]
	if !known {
		text, ok := e.text(name)
		runs = ok && buildsNginx(text)
		e.builds[name] = runs
	}
	return runs
}

// buildsNginx reports whether a Dockerfile makes an image that runs only nginx.
func buildsNginx(text string) bool {
	image := ""
	for line := range strings.SplitSeq(text, "\n") {
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		switch strings.ToUpper(words[0]) {
		case "FROM":
			words = words[1:]
			for len(words) > 1 && strings.HasPrefix(words[0], "--") {
				words = words[1:]
			}
			image = words[0]
		case "CMD", "ENTRYPOINT":
			if !strings.Contains(line, "nginx") {
				return false
			}
		}
	}
	return onlyNginx().MatchString(image) && !strings.Contains(text, "supervisor")
}
