package lint

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A besides is a kind of tree that an attacker can send, of any size, whose cost is
// in files other than the configuration.
type besides struct {
	name string
	make func(n int) (tree map[string]string, opt Options)
}

// oneLocation is a configuration that has something to find.
var oneLocation = serverOf("location /ws { proxy_pass http://app:3000; }")

// sitesOf are n configurations that a main file includes.
func sitesOf(n int) map[string]string {
	tree := map[string]string{"nginx.conf": httpOf("include conf.d/*.conf;")}
	for i := range n {
		tree[fmt.Sprintf("conf.d/s%d.conf", i)] = fmt.Sprintf("server { listen 80; server_name n%d; location /ws { proxy_pass http://a; } }", i)
	}
	return tree
}

func locationsOf(n int) map[string]string {
	return map[string]string{"nginx.conf": serverOf(many(n, "location /l%d { proxy_pass http://a; }\n"))}
}

func stringsOf(n int, format string) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprintf(format, i))
	}
	return all
}

// besidesGrowths are what took time by the square of its size, or worse.
var besidesGrowths = []besides{
	{"exclude patterns", func(n int) (map[string]string, Options) {
		return sitesOf(100), Options{Exclude: stringsOf(n, "a%d*b*c")}
	}},
	{"exclude patterns of one beginning", func(n int) (map[string]string, Options) {
		return sitesOf(100), Options{Exclude: stringsOf(n, "**/*o*o*%d")}
	}},
	{"excluded files", func(n int) (map[string]string, Options) { return sitesOf(n), Options{Exclude: []string{"x*y*z"}} }},
	{"contexts", func(n int) (tree map[string]string, opt Options) {
		for _, p := range stringsOf(n, "a%d*b") {
			opt.Contexts = append(opt.Contexts, ContextOf{p, "http"})
		}
		return sitesOf(100), opt
	}},
	{"overrides", func(n int) (tree map[string]string, opt Options) {
		for _, p := range stringsOf(n, "a%d*") {
			opt.Overrides = append(opt.Overrides, Override{Files: []string{p}, Ignore: []string{"missing-host-header"}})
		}
		return sitesOf(100), opt
	}},
	{"locations of the settings", func(n int) (map[string]string, Options) {
		var all []LocationIntent
		for _, l := range stringsOf(n, `~ ^/w%d/.*x`) {
			all = append(all, LocationIntent{Location: l, WebSocket: true})
		}
		return locationsOf(n), Options{Overrides: []Override{{Locations: all}}}
	}},
	{"suppressions", func(n int) (map[string]string, Options) {
		all := make([]Suppression, n)
		for i := range all {
			all[i] = Suppression{Rule: "missing-resolver", Reason: "x"}
		}
		return map[string]string{"nginx.conf": serverOf(many(n, "location /%d/ws { proxy_pass http://a; }\n"))}, Options{Overrides: []Override{{Suppress: all}}}
	}},
	{"builds of one Dockerfile", func(n int) (map[string]string, Options) {
		return map[string]string{
			"nginx.conf": oneLocation, "Dockerfile": "FROM nginx:1.25\n" + strings.Repeat("RUN a b c\n", n),
			"compose.yaml": "services:\n" + many(n, "  s%d: {build: .}\n"),
		}, Options{}
	}},
	{"services that run nginx", func(n int) (map[string]string, Options) {
		return map[string]string{"nginx.conf": oneLocation, "compose.yaml": "services:\n" + many(n, "  s%d: {image: nginx, volumes: ['.:/etc/nginx']}\n")}, Options{}
	}},
	{"networks", func(n int) (map[string]string, Options) {
		return map[string]string{
			"nginx.conf":   oneLocation,
			"compose.yaml": "services:\n  a: {image: nginx, volumes: ['.:/etc/nginx'], networks: [" + many(n, "n%d, ") + "x]}\n" + many(n, "  s%d: {image: b, networks: [n%[1]d, m]}\n"),
		}, Options{}
	}},
	{"aliases", func(n int) (map[string]string, Options) {
		return map[string]string{"nginx.conf": oneLocation, "compose.yaml": "x: &x {image: nginx, volumes: [" + many(n, "./v%d, ") + "y]}\nservices:\n" + many(n, "  s%d: *x\n")}, Options{}
	}},
	{"directories below one compose file", func(n int) (map[string]string, Options) {
		tree := map[string]string{".git": "", "compose.yaml": "services:\n" + many(n, "  s%d: {image: nginx, volumes: ['./x%[1]d:/etc/nginx']}\n")}
		for i := range n {
			tree[fmt.Sprintf("%d/nginx.conf", i)] = oneLocation
		}
		return tree, Options{}
	}},
	{"copies of a Dockerfile", func(n int) (map[string]string, Options) {
		return map[string]string{"nginx.conf": oneLocation, "Dockerfile": "FROM nginx\n" + many(n, "COPY . /etc/nginx/%d/\nCOPY --from=0 /etc/nginx /a%[1]d\n")}, Options{}
	}},
	{"services that extend each other", func(n int) (map[string]string, Options) {
		return map[string]string{"nginx.conf": oneLocation, "compose.yaml": "services:\n  s0: {image: nginx}\n" + many(n, "  t%d: {extends: t%[1]d, image: nginx}\n")}, Options{}
	}},
	{"commands of a start script", func(n int) (map[string]string, Options) {
		return map[string]string{"nginx.conf": oneLocation, "Dockerfile": "FROM nginx\nCOPY . /x/\nENTRYPOINT [\"/x/start.sh\"]\n", "start.sh": "#!/bin/sh\n" + many(n, "cp -r /x /y%d; /x/start.sh\n")}, Options{}
	}},
	{"stages of a Dockerfile", func(n int) (map[string]string, Options) {
		return map[string]string{"nginx.conf": oneLocation, "Dockerfile": many(n, "FROM --platform=a --x%d nginx:1.25.%[1]d AS a\n") + "FROM" + strings.Repeat(" --a", n)}, Options{}
	}},
}

// TestGrowthBesides is TestGrowth for settings, compose files and Dockerfiles.
func TestGrowthBesides(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same: skipped with -short")
	}
	const n = 400
	for _, g := range besidesGrowths {
		t.Run(g.name, func(t *testing.T) {
			spentBesides(t, g, n) // what is made once in a process
			bytes, steps, ok1 := spentBesides(t, g, n)
			bytes2, steps2, ok2 := spentBesides(t, g, 2*n)
			if !ok1 || !ok2 {
				t.Error("given up")
			}
			if bytes2 > bytes*13/5+1<<20 {
				t.Errorf("%d bytes are allocated for %d, %d for %d", bytes, n, bytes2, 2*n)
			}
			if steps2 > steps*13/5+1000 {
				t.Errorf("%d steps for %d, %d for %d", steps, n, steps2, 2*n)
			}
		})
	}
}

// TestManyBesides: sizes at which quadratic time would be minutes or more. Each ends
// quickly, or the run gives up.
func TestManyBesides(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same: skipped with -short")
	}
	for _, g := range besidesGrowths {
		if g.name == "excluded files" || g.name == "directories below one compose file" {
			continue
		}
		t.Run(g.name, func(t *testing.T) { spentBesides(t, g, 20_000) })
	}
}

// spentBesides lints a tree, and returns the allocated memory and the number of
// steps. It reports false if the run gave up.
func spentBesides(t *testing.T, g besides, n int) (bytes, steps uint64, ok bool) {
	t.Helper()
	tree, opt := g.make(n)
	fsys := fstest.MapFS{}
	for name, text := range tree {
		fsys[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	opt.FS, opt.Paths = fsys, []string{"."}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	res, err := Run(opt)
	runtime.ReadMemStats(&after)
	if err != nil {
		if !strings.Contains(err.Error(), "gave up") {
			t.Fatal(err)
		}
		return 0, 0, false
	}
	for _, cfg := range res.Configs {
		steps += uint64(cfg.Steps())
	}
	return after.TotalAlloc - before.TotalAlloc, steps + uint64(maxPolicySteps-res.policy.budget.Left()), true
}

// TestSettingsGivenUp: patterns that take long on many names end with a message, and
// never with exit code 0.
func TestSettingsGivenUp(t *testing.T) {
	var patterns []string
	for i := range 3000 {
		patterns = append(patterns, "**/*"+string(rune(0x4e00+i))+"*x")
	}
	tree := fstest.MapFS{"nginx.conf": {Data: []byte(httpOf("include d/*.conf;"))}}
	for i := range 400 {
		tree[fmt.Sprintf("d/%s%d.conf", strings.Repeat("a", 150), i)] = &fstest.MapFile{Data: []byte("server { }")}
	}
	_, err := Run(Options{FS: tree, Paths: []string{"."}, Exclude: patterns})
	if err == nil || !strings.Contains(err.Error(), "the patterns of the settings") {
		t.Errorf("the error is %v", err)
	}
}

// TestManyWildcards: a run with n patterns of includes and n names gives up.
func TestManyWildcards(t *testing.T) {
	for name, format := range map[string]string{
		"stars": "include d/*" + strings.Repeat("a*", 20) + "b%d;\n", "directories": "include */*/x%d;\n",
	} {
		tree := fstest.MapFS{"nginx.conf": {Data: []byte(httpOf(many(8000, format)))}}
		for i := range 300 {
			tree[fmt.Sprintf("d/%s%d.conf", strings.Repeat("a", 180), i)] = &fstest.MapFile{}
			tree[fmt.Sprintf("e%d/f/g", i)] = &fstest.MapFile{}
		}
		if _, err := Run(Options{FS: tree, Paths: []string{"nginx.conf"}}); err == nil || !strings.Contains(err.Error(), "the patterns of includes") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

// TestManySmall: many small configurations may cost no more than a large one.
func TestManySmall(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long: skipped with -short")
	}
	tree := fstest.MapFS{}
	for i := range 40 {
		tree[fmt.Sprintf("%d/nginx.conf", i)] = &fstest.MapFile{Data: []byte(httpOf(many(350, "proxy_set_header X-%d $host;\n") + "server {\n" + many(350, "location /%d/ws { proxy_pass http://a; }\n") + "}"))}
	}
	if _, err := Run(Options{FS: tree, Paths: []string{"."}}); err == nil || !strings.Contains(err.Error(), "gave up") {
		t.Errorf("the error is %v", err)
	}
}

// TestManyFixes: more fixes than can be proven together are refused with a message.
func TestManyFixes(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long: skipped with -short")
	}
	tree := fstest.MapFS{"nginx.conf": {Data: []byte(serverOf(many(12_000, "location /%d/ws { proxy_pass http://a; }\n")))}}
	_, err := Run(Options{FS: tree, Paths: []string{"."}, Fix: true, Select: []string{rules.MissingUpgradeHeaders.Name, rules.ProxyHTTPVersion.Name}})
	if err == nil || !strings.Contains(err.Error(), "fixes at once") {
		t.Errorf("the error is %v", err)
	}
}
