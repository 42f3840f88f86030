// Package compose reads from a Compose file (docker compose, podman compose) where an
// nginx runs and which services run next to it.
package compose

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
)

// A Service is one service of a compose file.
type Service struct {
	Name        string
	Image       string
	Context     string   // the directory that its image is built in, or ""
	Dockerfile  string   // in Context
	NetworkMode string   // host, service:NAME, ...; "" for Compose networks
	Networks    []string // default if it names none
	Names       []string // the names that others find it by on these networks
	Ports       []string // ports at which it listens, as far as the file says
	Mounts      []string // host paths that it sees
	Targets     []string // paths in the container at which something is mounted
	MoreMounts  bool     // it takes others from another service, which is not followed
}

// file is the part of a Compose file that is read. Values with several forms are
// decoded later.
type file struct {
	Services map[string]struct {
		Image         string `yaml:"image"`
		Build         any    `yaml:"build"`
		NetworkMode   string `yaml:"network_mode"`
		Networks      any    `yaml:"networks"`
		ContainerName string `yaml:"container_name"`
		Ports         []any  `yaml:"ports"`
		Expose        []any  `yaml:"expose"`
		Volumes       []any  `yaml:"volumes"`
		VolumesFrom   any    `yaml:"volumes_from"`
		Extends       any    `yaml:"extends"`
	} `yaml:"services"`
}

// Read returns the services of a Compose file, by name.
func Read(text []byte) ([]Service, error) {
	var f file
	if err := yaml.Unmarshal(text, &f); err != nil {
		return nil, err
	}
	var all []Service
	for name, from := range f.Services {
		s := Service{Name: name, Image: from.Image, NetworkMode: from.NetworkMode, Names: []string{name}, MoreMounts: from.VolumesFrom != nil || from.Extends != nil}
		if from.ContainerName != "" {
			s.Names = append(s.Names, from.ContainerName)
		}
		s.build(from.Build)
		s.networks(from.Networks)
		for _, p := range append(from.Ports, from.Expose...) {
			s.port(p)
		}
		for _, v := range from.Volumes {
			s.mount(v)
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Service) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// build reads "build: dir" and its long form.
func (s *Service) build(b any) {
	s.Dockerfile = "Dockerfile"
	switch b := b.(type) {
	case string:
		s.Context = path.Clean(b)
	case map[string]any:
		s.Context = path.Clean(text(b["context"]))
		if name := text(b["dockerfile"]); name != "" {
			s.Dockerfile = name
		}
	}
}

// networks reads a list of names, or a map with aliases.
func (s *Service) networks(n any) {
	switch n := n.(type) {
	case []any:
		for _, name := range n {
			s.Networks = append(s.Networks, text(name))
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(n)) { // two files with the same content must give the same result
			s.Networks = append(s.Networks, name)
			if details, ok := n[name].(map[string]any); ok {
				aliases, _ := details["aliases"].([]any)
				for _, alias := range aliases {
					s.Names = append(s.Names, text(alias))
				}
			}
		}
	}
	if len(s.Networks) == 0 {
		s.Networks = []string{"default"}
	}
}

// port reads "8080:80", "127.0.0.1:8080:80/tcp", 80 and the long form.
func (s *Service) port(p any) {
	if long, ok := p.(map[string]any); ok {
		p = long["target"]
	}
	port, _, _ := strings.Cut(text(p), "/")
	port = port[strings.LastIndexByte(port, ':')+1:]
	if port != "" && strings.Trim(port, "0123456789") == "" {
		s.Ports = append(s.Ports, port)
	}
}

// mount reads "./conf:/etc/nginx:ro" and the long form. Named volumes are not on the
// host.
func (s *Service) mount(v any) {
	source, rest, _ := strings.Cut(text(v), ":")
	target, _, _ := strings.Cut(rest, ":")
	if long, ok := v.(map[string]any); ok {
		source, target = text(long["source"]), text(long["target"])
	} else if rest == "" { // a volume without a name
		target = source
	}
	if target != "" {
		s.Targets = append(s.Targets, path.Clean(target))
	}
	if strings.HasPrefix(source, ".") || strings.HasPrefix(source, "/") {
		s.Mounts = append(s.Mounts, path.Clean(source))
	}
}

func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case map[string]any, []any:
		return ""
	default:
		return fmt.Sprint(v)
	}
}

// Sharing returns a function that reports whether another service shares a network
// with this one.
func (s Service) Sharing() func(other Service) bool {
	networks := make(map[string]bool, len(s.Networks))
	for _, n := range s.Networks {
		networks[n] = true
	}
	return func(other Service) bool {
		return s.NetworkMode == "" && other.NetworkMode == "" && slices.ContainsFunc(other.Networks, func(n string) bool { return networks[n] })
	}
}
