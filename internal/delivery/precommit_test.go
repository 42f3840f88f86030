package delivery

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A hook as .pre-commit-hooks.yaml has it.
type hook struct {
	ID, Name, Description, Entry, Language string
	Types                                  []string
	Files, Exclude                         string
	RequireSerial                          bool   `yaml:"require_serial"`
	Minimum                                string `yaml:"minimum_pre_commit_version"`
}

func hooks(t *testing.T) map[string]hook {
	t.Helper()
	var list []hook
	readYAML(t, ".pre-commit-hooks.yaml", &list)
	byID := make(map[string]hook)
	for _, h := range list {
		byID[h.ID] = h
	}
	return byID
}

// The four hooks differ in what they run and where it comes from, and in nothing
// else.
func TestHooksAlike(t *testing.T) {
	all := hooks(t)
	model := all["nginx-ws-lint"]
	for id, want := range map[string][2]string{
		"nginx-ws-lint":            {"nginx-ws-lint", "golang"},
		"nginx-ws-lint-fix":        {"nginx-ws-lint --fix", "golang"},
		"nginx-ws-lint-system":     {"nginx-ws-lint", "system"},
		"nginx-ws-lint-fix-system": {"nginx-ws-lint --fix", "system"},
	} {
		h, ok := all[id]
		if !ok || h.Entry != want[0] || h.Language != want[1] || h.Name != want[0] {
			t.Errorf("%s: %+v", id, h)
		}
		if h.Files != model.Files || h.Exclude != model.Exclude || !h.RequireSerial || h.Minimum != model.Minimum || len(h.Types) != 1 || h.Types[0] != "text" {
			t.Errorf("%s is not like nginx-ws-lint: %+v", id, h)
		}
	}
	if len(all) != 4 {
		t.Errorf("%d hooks", len(all))
	}
}

func TestHookFiles(t *testing.T) {
	h := hooks(t)["nginx-ws-lint"]
	files, exclude := regexp.MustCompile(h.Files), regexp.MustCompile(h.Exclude)
	for name, want := range map[string]bool{
		"nginx.conf":                            true,
		"deploy/nginx-prod.conf":                true,
		"conf.d/default.conf":                   true,
		"docker/nginx/conf.d/app.conf":          true,
		"nginx/snippets/ws.conf":                true,
		"roles/web/files/nginx/deep/er/ws.conf": true,
		"etc/nginx/sites-available/default":     true,
		"sites-enabled/example.com":             true,
		"web.vhost":                             true,
		"app.nginx":                             true,
		"http.d/a.conf":                         true,
		"Nginx.conf":                            true,
		"conf.d/app.conf.j2":                    true,
		"sites-available/app.j2":                true,
		"templates/default.conf.template":       true,
		"roles/web/templates/site.conf.j2":      true,
		"nginx.conf.erb":                        true,
		"nginx.tmpl":                            true,
		"chart/templates/nginx-configmap.yaml":  true,

		"nginx/README.md":                  false,
		"nginx/docker-compose.yml":         false,
		"app.conf":                         false,
		"sites-available/app.bak":          false,
		"apache2/sites-available/000.conf": false,
		"supervisor/conf.d/app.conf":       false,
		"php-fpm/conf.d/www.conf":          false,
		"mynginx-notes.txt":                false,
		"docs/nginx.configuration.md":      false,
		"src/nginx/conf.go":                false,
	} {
		if got := files.MatchString(name) && !exclude.MatchString(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A hooked repository has a hook of ours.
type hooked struct {
	shell
	preCommit string
}

// healthy is a tree whose handshakes pass, by what a snippet sets.
var healthy = map[string]string{
	"nginx/nginx.conf": `events {}
http {
    map $http_upgrade $connection_upgrade {
        default upgrade;
        ''      close;
    }
    include conf.d/*.conf;
    server {
        listen 8080;
        location /ws {
            include snippets/ws.conf;
            proxy_pass http://127.0.0.1:3000;
        }
    }
}
`,
	"nginx/snippets/ws.conf": wsSnippet,
	"README.md":              "about\n",
}

const wsSnippet = `proxy_http_version 1.1;
proxy_read_timeout 1h;
proxy_set_header Host $host;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection $connection_upgrade;
`

// brokenSite is a complete file in which handshakes fail.
const brokenSite = `server {
    listen 8081;
    location /ws {
        proxy_pass http://127.0.0.1:3000;
    }
}
`

// newHooked makes a repository of the healthy tree with one of our hooks, whose
// repository is what is here, as a commit.
func newHooked(t *testing.T, id string) hooked {
	t.Helper()
	preCommit := lookup(t, "pre-commit")
	ours, theirs := t.TempDir(), t.TempDir()
	copyProject(t, ours)
	from := repository(t, ours)
	from.must("git", "tag", "v0.0.1")
	write(t, theirs, healthy)
	write(t, theirs, map[string]string{".pre-commit-config.yaml": "repos:\n- repo: " + ours + "\n  rev: v0.0.1\n  hooks:\n  - id: " + id + "\n"})
	s := repository(t, theirs)
	modules, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	// pre-commit sets GOPATH; the modules that are here need not be fetched again.
	s.env = append(s.env, "GOFLAGS=-buildvcs=auto", "PRE_COMMIT_HOME="+filepath.Join(t.TempDir(), "home"), "GOMODCACHE="+strings.TrimSpace(string(modules)),
		"PATH="+programDir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return hooked{s, preCommit}
}

// stage stages files and runs the hook, as a commit would.
func (h hooked) stage(files map[string]string) (output string, status int) {
	h.t.Helper()
	write(h.t, h.dir, files)
	h.must("git", "add", "--all")
	return h.run(h.preCommit, "run", "--color=never", "--verbose")
}

func (h hooked) want(files map[string]string, status int, says ...string) {
	h.t.Helper()
	out, got := h.stage(files)
	if got != status {
		h.t.Errorf("exit %d, want %d\n%s", got, status, out)
	}
	for _, text := range says {
		if !strings.Contains(out, text) {
			h.t.Errorf("it does not say %q:\n%s", text, out)
		}
	}
}

func TestPreCommitManifest(t *testing.T) {
	shell{t, root, nil}.must(lookup(t, "pre-commit"), "validate-manifest", ".pre-commit-hooks.yaml")
}

// The hook as users have it, built by pre-commit with Go: it sees the includer
// where only a snippet has changed, and only what has changed.
func TestPreCommit(t *testing.T) {
	h := newHooked(t, "nginx-ws-lint")
	h.want(map[string]string{"README.md": "nothing of nginx\n"}, 0, "no files to check")
	h.want(map[string]string{"nginx/snippets/ws.conf": wsSnippet + "proxy_send_timeout 1h;\n"}, 0, "Passed")
	h.commit()
	h.want(map[string]string{"nginx/snippets/ws.conf": strings.Replace(wsSnippet, "proxy_set_header Upgrade", "proxy_set_header X-Upgrade", 1)}, 1,
		"nginx/nginx.conf:12:13: ", "[missing-upgrade-headers]")
	h.must("git", "reset", "--quiet", "--hard")
	h.want(map[string]string{"nginx/conf.d/new site.conf": brokenSite}, 1, "nginx/conf.d/new site.conf:4:9: ")
	h.commit()
	h.want(map[string]string{"nginx/snippets/ws.conf": wsSnippet}, 0, "Passed")
	if out := h.must(built(t, h), "version"); !strings.Contains(out, "v0.0.") {
		t.Errorf("the command that pre-commit built calls itself %q", out)
	}
}

// built is the command that pre-commit built.
func built(t *testing.T, h hooked) string {
	t.Helper()
	for _, v := range h.env {
		if home, ok := strings.CutPrefix(v, "PRE_COMMIT_HOME="); ok {
			found, _ := filepath.Glob(filepath.Join(home, "repo*", "golangenv-*", "bin", "nginx-ws-lint"))
			if len(found) == 1 {
				return found[0]
			}
		}
	}
	t.Fatal("pre-commit built none")
	return ""
}

// The fixing hook stops the commit whose files it fixed. The next one succeeds.
func TestPreCommitFix(t *testing.T) {
	for _, id := range []string{"nginx-ws-lint-fix", "nginx-ws-lint-fix-system"} {
		t.Run(id, func(t *testing.T) {
			h := newHooked(t, id)
			h.want(map[string]string{"nginx/conf.d/app.conf": brokenSite}, 1, "files were modified by this hook", "fixed nginx/conf.d/app.conf")
			if text := read(t, filepath.Join(h.dir, "nginx/conf.d/app.conf")); !strings.Contains(text, "proxy_set_header Upgrade $http_upgrade;") {
				t.Errorf("not mended:\n%s", text)
			}
			h.want(nil, 0, "Passed")
		})
	}
}

func TestPreCommitSystem(t *testing.T) {
	h := newHooked(t, "nginx-ws-lint-system")
	h.want(map[string]string{"nginx/conf.d/app.conf": brokenSite}, 1, "nginx/conf.d/app.conf:4:9: ")
}
