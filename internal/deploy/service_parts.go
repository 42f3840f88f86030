package deploy

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
)

// networks reads a list of names, or a map with aliases.
func (f *composeFile) networks(s *service, n *yaml.Node) {
	if n != nil && n.Kind == yaml.Mapping {
		yaml.Each(n, func(key, value *yaml.Node) {
			s.networks = append(s.networks, key.Value)
			s.names = append(s.names, f.list(yaml.Field(value, "aliases"))...)
		})
		s.networks, s.names = union(s.networks), union(s.names)
		return
	}
	s.networks = f.list(n)
}

// port reads "8080:80", "127.0.0.1:8080:80/tcp", 80 and the long form.
func (f *composeFile) port(s *service, n *yaml.Node) {
	text, _ := f.str(n)
	if n.Kind == yaml.Mapping {
		container, _ := f.str(yaml.Field(n, "target"))
		host, _ := f.str(yaml.Field(n, "published"))
		s.ports = append(s.ports, Port{host, container})
		return
	}
	text, _, _ = strings.Cut(text, "/")
	container := text[strings.LastIndexByte(text, ':')+1:]
	host := strings.TrimSuffix(strings.TrimSuffix(text, container), ":")
	host = host[strings.LastIndexByte(host, ':')+1:]
	if container != "" && strings.Trim(container, "0123456789-") == "" {
		s.ports = append(s.ports, Port{host, container})
	}
}

// mount reads "./conf:/etc/nginx:ro" and the long form.
func (f *composeFile) mount(s *service, n *yaml.Node) {
	text, known := f.str(n)
	source, rest, ok := cutSource(text)
	target, options, _ := strings.Cut(rest, ":")
	kind, fixed := "volume", slices.Contains(strings.Split(options, ","), "ro")
	if n.Kind == yaml.Mapping {
		kind, _ = f.str(yaml.Field(n, "type"))
		value, _ := f.str(yaml.Field(n, "read_only"))
		fixed = value == "true"
		source, known = f.str(yaml.Field(n, "source"))
		var sure bool
		target, sure = f.str(yaml.Field(n, "target"))
		known = known && sure
	} else if !ok { // a volume without a name
		source, target = "", text
	} else if strings.HasPrefix(source, ".") || strings.HasPrefix(source, "/") || strings.HasPrefix(source, "~") {
		kind = "bind"
	}
	if !path.IsAbs(target) {
		s.more = s.more || !known
		return
	}
	m := mount{target: path.Clean(target), volume: source, fixed: fixed, memory: kind == "tmpfs", place: f.place(n)}
	if kind == "bind" && known {
		m.source, m.inRepo = join(f.dir, source)
	}
	if kind != "bind" && source == "" {
		m.volume = ""
	}
	switch {
	case m.inRepo:
		m.volume = m.source
	case !known:
		m.volume = "/" // it may be a path of the host
	}
	s.addMount(m)
}

// cutSource cuts a mount after its source, which on Windows can begin with a drive.
func cutSource(text string) (source, rest string, ok bool) {
	if len(text) > 2 && variableName(text[:1]) != "" && text[1] == ':' && (text[2] == '\\' || text[2] == '/') {
		drive := text[:2]
		source, rest, ok = strings.Cut(text[2:], ":")
		return drive + source, rest, ok
	}
	return strings.Cut(text, ":")
}

// sharing reports whether two services share a network.
func (s *service) sharing(other *service) bool {
	if s.networkMode != "" || other.networkMode != "" {
		return false
	}
	of := func(s *service) []string {
		if len(s.networks) == 0 {
			return []string{"default"}
		}
		return s.networks
	}
	mine := make(map[string]bool)
	for _, n := range of(s) {
		mine[n] = true
	}
	for _, n := range of(other) {
		if mine[n] {
			return true
		}
	}
	return false
}

// listening are the ports at which a service listens, as far as the file says.
func (s *service) listening() (all []string) {
	for _, p := range s.ports {
		all = append(all, p.Container)
	}
	return union(all, s.expose)
}

// openFiles reads the soft limit of nofile: a number, or soft and hard ones.
func (f *composeFile) openFiles(ulimits *yaml.Node) int {
	n := yaml.Field(ulimits, "nofile")
	if soft := yaml.Field(n, "soft"); soft != nil {
		n = soft
	}
	text, _ := f.str(n)
	limit, _ := strconv.Atoi(text)
	return max(limit, 0)
}
