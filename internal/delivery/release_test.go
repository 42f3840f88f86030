package delivery

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// packager installs nfpm, which builds the packages, and returns the environment for
// the scripts.
func packager(t *testing.T) string {
	t.Helper()
	module := regexp.MustCompile(`(?m)^nfpm=(\S+)$`).FindStringSubmatch(read(t, filepath.Join(root, "tools/release.sh")))
	install(t, module[1])
	return "NFPM=" + filepath.Join(programDir, "nfpm")
}

// release makes a release of two platforms.
func release(t *testing.T) string {
	t.Helper()
	dist := filepath.Join(t.TempDir(), "dist")
	shell{t, root, []string{packager(t)}}.must("tools/release.sh", dist, "v1.2.3", "linux/amd64", "windows/arm64")
	return dist
}

func TestRelease(t *testing.T) {
	dist := release(t)
	s := shell{t, dist, nil}
	s.must("sha256sum", "--check", "--strict", "SHA256SUMS")
	var names []string
	for line := range strings.Lines(read(t, filepath.Join(dist, "SHA256SUMS"))) {
		names = append(names, strings.Fields(line)[1])
	}
	want := []string{
		"nginx-ws-lint-linux-amd64", "nginx-ws-lint-linux-amd64.cdx.json", "nginx-ws-lint-linux-amd64.deb", "nginx-ws-lint-linux-amd64.rpm",
		"nginx-ws-lint-windows-arm64.cdx.json", "nginx-ws-lint-windows-arm64.exe", "nginx-ws-lint.rb",
	}
	if !slices.Equal(names, want) {
		t.Errorf("checksums of %q", names)
	}
	if out := s.must("./nginx-ws-lint-linux-amd64", "version"); out != "nginx-ws-lint v1.2.3\n" {
		t.Errorf("it calls itself %q", out)
	}
	checkParts(t, filepath.Join(dist, "nginx-ws-lint-linux-amd64.cdx.json"), s)
	checkPackages(t, s)
	checkFormula(t, s)
	checkImage(t, dist)
}

// checkParts reads the list of parts as CycloneDX's library has it, and compares it
// with what the go command sees in the program.
func checkParts(t *testing.T, path string, s shell) {
	t.Helper()
	var doc cdx.BOM
	dec := json.NewDecoder(strings.NewReader(read(t, path)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	if doc.SpecVersion != cdx.SpecVersion1_5 || doc.Metadata.Component.Version != "v1.2.3" || doc.Metadata.Component.Type != cdx.ComponentTypeApplication {
		t.Errorf("%+v", doc.Metadata.Component)
	}
	var want, got []string
	for line := range strings.Lines(s.must("go", "version", "-m", "nginx-ws-lint-linux-amd64")) {
		if f := strings.Fields(line); f[0] == "dep" {
			want = append(want, f[1]+"@"+f[2])
		}
	}
	for _, c := range *doc.Components {
		if c.PackageURL != "pkg:golang/"+c.Name+"@"+c.Version || c.BOMRef != c.PackageURL {
			t.Errorf("%+v", c)
		}
		if c.Name != "std" {
			got = append(got, c.Name+"@"+c.Version)
		}
	}
	if len(got)+1 != len(*doc.Components) || !slices.Equal(got, want) {
		t.Errorf("parts %q, of %q", got, want)
	}
}

// checkPackages expects the program, the man page and the completions in both
// packages, at their standard paths.
func checkPackages(t *testing.T, s shell) {
	t.Helper()
	unpacked := t.TempDir()
	s.must("dpkg-deb", "--extract", "nginx-ws-lint-linux-amd64.deb", unpacked)
	if out := s.must(filepath.Join(unpacked, "usr/bin/nginx-ws-lint"), "version"); out != "nginx-ws-lint v1.2.3\n" {
		t.Errorf("the deb's program calls itself %q", out)
	}
	if page := s.must("gzip", "-dc", filepath.Join(unpacked, "usr/share/man/man1/nginx-ws-lint.1.gz")); !strings.HasPrefix(page, ".TH ") {
		t.Errorf("the deb's man page is %q", page)
	}
	if out := s.must("dpkg-deb", "--field", "nginx-ws-lint-linux-amd64.deb", "Package", "Version", "Architecture"); out != "Package: nginx-ws-lint\nVersion: 1.2.3\nArchitecture: amd64\n" {
		t.Errorf("the deb is %s", out)
	}
	s.env = append(s.env, "RPM_CONFIGDIR="+rpmConfig())
	out := s.must(lookup(t, "rpm"), "--query", "--package", "--nosignature", "--queryformat", "%{NAME} %{VERSION} %{ARCH} %{BUILDHOST}\\n[%{FILENAMES}\\n]", "nginx-ws-lint-linux-amd64.rpm")
	for _, want := range []string{
		"nginx-ws-lint 1.2.3 x86_64 localhost\n", "/usr/bin/nginx-ws-lint\n", "/usr/share/man/man1/nginx-ws-lint.1.gz\n",
		"/usr/share/bash-completion/completions/nginx-ws-lint\n", "/usr/share/zsh/site-functions/_nginx-ws-lint\n", "/usr/share/fish/vendor_completions.d/nginx-ws-lint.fish\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the rpm has no %q:\n%s", want, out)
		}
	}
}

// rpmConfig is where an rpm that was unpacked finds its settings; else the usual place.
func rpmConfig() string {
	if dir := filepath.Join(os.Getenv(commandsEnvironment), "root/usr/lib/rpm"); os.Getenv(commandsEnvironment) != "" {
		if _, err := os.Stat(dir); err == nil {
			return dir
		}
	}
	return "/usr/lib/rpm"
}

// checkFormula wants Ruby, the version and the checksum of what was built.
func checkFormula(t *testing.T, s shell) {
	t.Helper()
	s.must(lookup(t, "ruby"), "--disable-gems", "-c", "nginx-ws-lint.rb")
	text := read(t, filepath.Join(s.dir, "nginx-ws-lint.rb"))
	sum := strings.Fields(s.must("sha256sum", "nginx-ws-lint-linux-amd64"))[0]
	if !strings.Contains(text, `version "1.2.3"`) || strings.Count(text, `sha256 "`+sum+`"`) != 1 || strings.Contains(text, "@") {
		t.Errorf("the formula is\n%s", text)
	}
}

// checkImage runs the program as the image would: as its user, with nothing around
// it. Docker itself is not asked for.
func checkImage(t *testing.T, dist string) {
	t.Helper()
	image := read(t, filepath.Join(root, "packaging/Dockerfile"))
	for _, want := range []string{"\nFROM scratch\n", "\nCOPY --chmod=0755 nginx-ws-lint-linux-${TARGETARCH} /nginx-ws-lint\n", "\nUSER 65532:65532\n", "\nWORKDIR /work\n"} {
		if !strings.Contains(image, want) {
			t.Errorf("the Dockerfile has no %q", want)
		}
	}
	if os.Getuid() != 0 {
		t.Log("not root: the program was not run in a root of its own")
		return
	}
	dir := t.TempDir()
	for path := dir; path != os.TempDir() && path != "/"; path = filepath.Dir(path) {
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, dir, map[string]string{"nginx-ws-lint": read(t, filepath.Join(dist, "nginx-ws-lint-linux-amd64")), "work/nginx.conf": "events {}\nhttp {\n" + brokenSite + "}\n"})
	if err := os.Chmod(filepath.Join(dir, "nginx-ws-lint"), 0o755); err != nil {
		t.Fatal(err)
	}
	out, status := shell{t, dir, nil}.run("chroot", "--userspec=65532:65532", dir, "/nginx-ws-lint", "/work")
	if status != 1 || !strings.Contains(out, "[missing-upgrade-headers]") {
		t.Errorf("exit %d\n%s", status, out)
	}
}

// The same source makes the same bytes, in other directories and without a cache.
func TestReproducible(t *testing.T) {
	s := shell{t, root, []string{packager(t), "SOURCE_DATE_EPOCH=1700000000"}}
	if out := s.must("tools/reproducible.sh", "v1.2.3", "linux/amd64"); !strings.Contains(out, "the same bytes twice: 6 files") {
		t.Error(out)
	}
}

// goreleaser's build has the flags of ours; `make goreleaser-check` compares bytes.
func TestGoreleaserFlags(t *testing.T) {
	var config struct {
		Builds []struct{ Flags, Ldflags, Goos, Goarch []string }
	}
	readYAML(t, ".goreleaser.yaml", &config)
	b, script := config.Builds[0], read(t, filepath.Join(root, "tools/release.sh"))
	line := "go build " + strings.Join(b.Flags, " ") + ` -ldflags "` + strings.Replace(b.Ldflags[0], "{{ .Env.VERSION }}", "$version", 1) + `" -o`
	if !strings.Contains(script, line) {
		t.Errorf("release.sh does not say %s", line)
	}
	for _, os := range b.Goos {
		for _, arch := range b.Goarch {
			if !strings.Contains(script, " "+os+"/"+arch) {
				t.Errorf("release.sh does not build %s/%s", os, arch)
			}
		}
	}
}
