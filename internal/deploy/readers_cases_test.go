package deploy

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
)

// archives returns the cases of testdata.
func archives(t *testing.T) (all []*txtar.Archive) {
	t.Helper()
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
	return all
}

// readerCases returns the repositories of testdata with a Compose file, and random ones.
func readerCases(t *testing.T) (all []fstest.MapFS) {
	for _, a := range archives(t) {
		files := fstest.MapFS{}
		for _, f := range a.Files {
			if !strings.HasPrefix(f.Name, "want/") && !strings.Contains(f.Name, " -> ") {
				files[f.Name] = &fstest.MapFile{Data: f.Data}
			}
		}
		if len(usualFiles(files)) > 0 {
			all = append(all, files)
		}
	}
	for seed := range 300 {
		all = append(all, randomCompose(rand.New(rand.NewPCG(uint64(seed), 17))))
	}
	return all
}

// randomCompose writes a Compose file of forms that people use.
func randomCompose(draw *rand.Rand) fstest.MapFS {
	pick := func(all ...string) string { return all[draw.IntN(len(all))] }
	body := func(indent string) string {
		var b strings.Builder
		line := func(format string, args ...any) { fmt.Fprintf(&b, indent+format+"\n", args...) }
		if draw.IntN(4) > 0 {
			line("image: %s", pick("nginx:1.27", "nginx:${TAG}", "${IMG:-nginx:alpine}", `"nginx:$TAG-alpine"`, "nginx:${NONE-1.26}", "${EMPTY:-nginx}", "${TAG:+nginx:1}", "nginx:$$x"))
		} else {
			line("build: %s", pick(".", "./web", "{context: web, dockerfile: own.Dockerfile, target: prod}", "{context: .}"))
		}
		if draw.IntN(2) == 0 {
			line("environment: %s", pick("[A=1, 'B=x=y', C=]", "{A: 1, B: 'yes', C: \"\"}", "{A: \"${TAG}\", B: '${NONE:-d}'}", "[\"A=${IMG}\"]", "{A: true, B: 1.5, C: $$x}"))
		}
		if draw.IntN(3) == 0 {
			line("env_file: %s", pick("env", "[env, more.env]"))
		}
		for i := range draw.IntN(4) {
			if i == 0 {
				line("volumes:")
			}
			line("  - %s", pick("./conf:/etc/nginx/conf.d", "./a.conf:/etc/nginx/nginx.conf:ro", "data:/srv", "/abs:/abs", "${DIR:-./d}:/d", "/anonymous", "./x:/srv/../y/", "{type: bind, source: ./l, target: /l, read_only: true}", "{type: volume, source: data, target: /v}", "{type: tmpfs, target: /t}", "../out:/out"))
		}
		if draw.IntN(2) == 0 {
			line("ports: %s", pick("['80:8080', '127.0.0.1:443:8443/tcp']", "[80]", "['${PORT:-8080}:80']", "[{target: 80, published: '8080'}]", "['[::1]:81:80']"))
		}
		if draw.IntN(3) == 0 {
			line("command: %s", pick("nginx -g 'daemon off;'", "[nginx, -g, 'daemon off;']", `sh -c "envsubst < a > b && exec nginx"`, "[]", `["sh", "-c", "echo $$x"]`, "nginx -c ${DIR:-/etc}/n.conf"))
		}
		if draw.IntN(4) == 0 {
			line("networks: %s", pick("[front]", "{front: {aliases: [w]}, back: {}}", "[front, back]"))
		}
		return b.String()
	}
	text := "x-base: &base\n  image: nginx:1\n  environment: {Z: base}\nservices:\n"
	for _, name := range []string{"web", "app"} {
		text += "  " + name + ":\n"
		switch draw.IntN(5) {
		case 0:
			text += "    <<: *base\n    working_dir: /w\n"
		case 1:
			text += "    extends: {file: base.yml, service: one}\n"
		default:
			text += body("    ")
		}
	}
	text += "volumes: {data: {}}\nnetworks: {front: {}, back: {}}\n"
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	files := fstest.MapFS{
		"compose.yaml": file(text), ".env": file("TAG=1.28\nIMG='nginx:2' # c\nEMPTY=\nDIR=./from-env\n"), "env": file("E=1\nA=file\n"), "more.env": file("export E=\"2\"\n"),
		"base.yml":   file("services:\n  one:\n    image: nginx:base\n    volumes: ['./conf:/etc/nginx/conf.d', './b:/b']\n    environment: {A: b, Q: q}\n    ports: ['9:9']\n"),
		"Dockerfile": file("FROM nginx\n"), "web/Dockerfile": file("FROM nginx\n"), "web/own.Dockerfile": file("FROM nginx AS prod\n"),
	}
	if draw.IntN(3) == 0 {
		files["compose.override.yaml"] = file("services:\n  web:\n" + body("    "))
	}
	return files
}
