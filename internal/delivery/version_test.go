package delivery

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Built in a clone, the command's version is the tag, what is between the tag and the
// commit, or a note that the sources were changed.
func TestVersionOfClone(t *testing.T) {
	dir := t.TempDir()
	copyProject(t, dir)
	s := repository(t, dir)
	s.env = append(s.env, "GOFLAGS=-buildvcs=true")
	built := func(how ...string) string {
		t.Helper()
		s.must(how[0], how[1:]...)
		return strings.TrimSpace(strings.TrimPrefix(s.must(filepath.Join(dir, "bin/nginx-ws-lint"), "version"), "nginx-ws-lint"))
	}
	plain := []string{"go", "build", "-o", "bin/nginx-ws-lint", "./cmd/nginx-ws-lint"}
	for _, c := range []struct {
		after func()
		make  string // a pattern of what `make` and
		plain string // `go build` give it
	}{
		{func() { s.must("git", "tag", "v0.5.0") }, `^v0\.5\.0$`, `^v0\.5\.0$`},
		{s.commit, `^v0\.5\.0-1-g[0-9a-f]+$`, `^v0\.5\.1-0\.\d{14}-[0-9a-f]{12}$`},
		{func() { write(t, dir, map[string]string{"LICENSE": "changed\n"}) }, `^v0\.5\.0-1-g[0-9a-f]+-dirty$`, `^v0\.5\.1-0\.\d{14}-[0-9a-f]{12}\+dirty$`},
	} {
		c.after()
		if got := built("make", "build"); !regexp.MustCompile(c.make).MatchString(got) {
			t.Errorf("make: %s is not %s", got, c.make)
		}
		if got := built(plain...); !regexp.MustCompile(c.plain).MatchString(got) {
			t.Errorf("go build: %s is not %s", got, c.plain)
		}
	}
}

// zipped is the files of a directory, as a module's archive has them.
func zipped(t *testing.T, dir, prefix string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && path != dir {
			if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil {
				return filepath.SkipDir // a module of its own
			}
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		f, err := w.Create(prefix + filepath.ToSlash(rel))
		if err == nil {
			_, err = f.Write([]byte(read(t, path)))
		}
		return err
	})
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Installed as a module of some version, as `go install MODULE@VERSION` does, the
// command calls itself by it.
func TestVersionOfModule(t *testing.T) {
	const module, version = "github.com/nginx-ws-lint/nginx-ws-lint", "v0.5.0"
	dir, proxy, bin := t.TempDir(), t.TempDir(), t.TempDir()
	copyProject(t, dir)
	write(t, filepath.Join(proxy, module, "@v"), map[string]string{
		"list":            version + "\n",
		version + ".info": `{"Version":"` + version + `","Time":"2026-01-02T03:04:05Z"}`,
		version + ".mod":  read(t, filepath.Join(root, "go.mod")),
		version + ".zip":  zipped(t, dir, module+"@"+version+"/"),
	})
	cache, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := t.TempDir()
	s := shell{t, bin, []string{
		"GOBIN=" + bin, "GONOSUMDB=*", "GOFLAGS=-modcacherw -mod=mod", "GOMODCACHE=" + modules,
		"GOPROXY=file://" + proxy + ",file://" + strings.TrimSpace(string(cache)) + "/cache/download",
	}}
	s.must("go", "install", module+"/cmd/nginx-ws-lint@"+version)
	if out := s.must(filepath.Join(bin, "nginx-ws-lint"), "version"); out != "nginx-ws-lint "+version+"\n" {
		t.Errorf("it calls itself %q", out)
	}
}
