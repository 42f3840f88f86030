package lint

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDeployedStaysInside: whatever a Compose file or a Dockerfile names, nothing outside
// the checked directory is read.
func TestDeployedStaysInside(t *testing.T) {
	const secret = "server { listen 80; location /canary { proxy_pass http://canary; } }"
	for name, files := range map[string]map[string]string{
		"mount of the root":      {"compose.yaml": "services: {web: {image: nginx, volumes: ['/:/etc/nginx/conf.d']}}"},
		"mount of ..":            {"compose.yaml": "services: {web: {image: nginx, volumes: ['../outside:/etc/nginx/conf.d']}}"},
		"mount of a link":        {"compose.yaml": "services: {web: {image: nginx, volumes: ['./link:/etc/nginx/conf.d']}}"},
		"mount of a linked file": {"compose.yaml": "services: {web: {image: nginx, volumes: ['./file.conf:/etc/nginx/conf.d/default.conf']}}"},
		"a link in a mount":      {"compose.yaml": "services: {web: {image: nginx, volumes: ['.:/etc/nginx/conf.d']}}"},
		"a config":               {"compose.yaml": "services: {web: {image: nginx, configs: [{source: a, target: /etc/nginx/conf.d/a.conf}]}}\nconfigs: {a: {file: ../outside/canary.conf}}"},
		"an env_file":            {"compose.yaml": "services: {web: {image: nginx, env_file: ../outside/canary.conf, volumes: ['./nginx.conf:/etc/nginx/nginx.conf']}}"},
		"a build above":          {"compose.yaml": "services: {web: {build: {context: .., dockerfile: repo/web.Dockerfile}}}", "web.Dockerfile": "FROM nginx\nCOPY outside /etc/nginx/conf.d"},
		"a copy of ..":           {"Dockerfile": "FROM nginx\nCOPY ../outside /etc/nginx/conf.d/"},
		"a copy of a link":       {"Dockerfile": "FROM nginx\nCOPY link/* /etc/nginx/conf.d/"},
		"an include of ..":       {"Dockerfile": "FROM nginx\nCOPY nginx.conf /etc/nginx/nginx.conf", "nginx.conf": "events {} http { include ../../../../../outside/*.conf; include /outside/*.conf; }"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			files["nginx.conf"] += "\nevents { } http { server { listen 80; location /ws { proxy_pass http://app; } } }"
			files["../outside/canary.conf"] = secret
			for file, text := range files {
				file = filepath.Join(dir, "repo", file)
				if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o644)); err != nil {
					t.Fatal(err)
				}
			}
			err := errors.Join(os.Mkdir(filepath.Join(dir, "repo/.git"), 0o755), os.Symlink("../outside", filepath.Join(dir, "repo/link")),
				os.Symlink("../outside/canary.conf", filepath.Join(dir, "repo/file.conf")))
			if err != nil {
				t.Skip(err)
			}
			res, err := Run(Options{FS: os.DirFS(dir), Paths: []string{"repo"}, Fix: true, UnsafeFixes: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, cfg := range res.Configs {
				for _, f := range cfg.Files {
					if strings.Contains(string(f.Src), "canary") {
						t.Errorf("%s was read", f.Name)
					}
				}
			}
		})
	}
}
