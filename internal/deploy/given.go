package deploy

import (
	"path"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
)

// given is a config or a secret.
type given struct {
	file   string
	inRepo bool
	text   []byte
}

func (f *composeFile) given(n *yaml.Node) (g given) {
	if name, known := f.str(yaml.Field(n, "file")); name != "" && known {
		g.file, g.inRepo = join(f.dir, name)
	}
	if content := yaml.Field(n, "content"); content != nil {
		if text, known := f.str(content); known {
			g.text = []byte(text)
		}
	}
	return g
}

// useGiven mounts the configs and secrets of a service.
func (f *composeFile) useGiven(s *service, n *yaml.Node, all map[string]given) {
	for _, kind := range []string{"configs", "secrets"} {
		list := yaml.Field(n, kind)
		if list == nil {
			continue
		}
		for _, item := range list.Content {
			item = yaml.Resolve(item)
			name, _ := f.str(item)
			target := ""
			if item.Kind == yaml.Mapping {
				name, _ = f.str(yaml.Field(item, "source"))
				target, _ = f.str(yaml.Field(item, "target"))
			}
			base := "/"
			if kind == "secrets" {
				base = "/run/secrets"
			}
			if target == "" {
				target = name
			}
			if !path.IsAbs(target) {
				target = path.Join(base, target)
			}
			g := all[kind+" "+name]
			s.addMount(mount{target: path.Clean(target), source: g.file, inRepo: g.inRepo, text: g.text, place: f.place(item)})
		}
	}
}
