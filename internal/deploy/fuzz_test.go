package deploy

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
)

// FuzzFind: any Compose file, Dockerfile and script are read to an end, always with the
// same result.
func FuzzFind(f *testing.F) {
	names, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		compose, docker, script := "", "", ""
		for _, file := range txtar.Parse(text).Files {
			if isCompose(file.Name) {
				compose = string(file.Data)
			} else if isDockerfile(file.Name) {
				docker = string(file.Data)
			} else if IsScript(file.Name) {
				script = string(file.Data)
			}
		}
		f.Add(compose, docker, script)
	}
	f.Fuzz(func(t *testing.T, compose, docker, script string) {
		if len(compose)+len(docker)+len(script) > 1<<16 {
			return
		}
		files := fstest.MapFS{
			"compose.yaml": {Data: []byte(compose)}, "Dockerfile": {Data: []byte(docker)}, ".env": {Data: []byte("A=1\n")},
			"run.sh": {Data: []byte(script)}, "Makefile": {Data: []byte(script)},
			"nginx.conf": {Data: []byte("events {}\n")}, "conf.d/a.conf": {Data: []byte("server {}\n")},
		}
		if first, second := describe(find(files)), describe(find(files)); first != second {
			t.Errorf("first\n%s\nthen\n%s", first, second)
		}
	})
}
