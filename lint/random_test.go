package lint

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A generator writes random configurations of the kind that this project is
// about: headers on every level, includes, nested locations, maps, ifs.
type generator struct {
	*rand.Rand
	b       strings.Builder
	eol     string
	oneLine bool
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func (g *generator) pick(all ...string) string { return all[g.IntN(len(all))] }

func (g *generator) line(depth int, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if g.oneLine {
		g.b.WriteString(text + " ")
		return
	}
	g.b.WriteString(strings.Repeat("    ", depth) + text)
	if g.chance(8) {
		g.b.WriteString(" # note")
	}
	g.b.WriteString(g.eol)
}

// headers writes some of the settings that decide about a handshake.
func (g *generator) headers(depth int) {
	if g.chance(30) {
		g.line(depth, "proxy_http_version %s;", g.pick("1.1", "1.1", "1.0"))
	}
	if g.chance(15) {
		g.line(depth, "proxy_read_timeout %s;", g.pick("1h", "30s", "60", "0"))
	}
	if g.chance(20) {
		g.line(depth, "include %s;", g.pick("headers.conf", "upgrade.conf"))
	}
	if g.chance(40) {
		g.line(depth, "proxy_set_header Host %s;", g.pick("$host", `"$http_host"`))
	}
	if g.chance(40) {
		g.line(depth, "proxy_set_header Upgrade %s;", g.pick("$http_upgrade", "$http_upgrade", "websocket", "$http_upgarde", `""`))
	}
	if g.chance(40) {
		g.line(depth, "proxy_set_header Connection %s;", g.pick("upgrade", `"Upgrade"`, "$m", "$bad", "close", `""`, "$http_connection", "keep-alive"))
	}
}

func (g *generator) location(depth int, path string, nested bool) {
	g.line(depth, "location %s {", path)
	for range g.IntN(2) + 1 {
		g.headersOnce(depth + 1)
	}
	if g.chance(10) {
		g.line(depth+1, "if ($http_upgrade) { proxy_pass http://127.0.0.1:9001; }")
	}
	g.line(depth+1, "proxy_pass %s;", g.pick("http://127.0.0.1:9000", "http://app"))
	if nested && g.chance(25) {
		g.location(depth+1, path+g.pick("/ws", "/static"), false)
	}
	g.line(depth, "}")
}

// headersOnce keeps a level from having a directive twice, which nginx refuses.
func (g *generator) headersOnce(depth int) {
	if level := g.b.String()[strings.LastIndexAny(g.b.String(), "{}"):]; strings.Contains(level, "proxy_") || strings.Contains(level, "include") {
		return
	}
	g.headers(depth)
}

// tree writes a whole tree.
func (g *generator) tree() map[string]string {
	g.b.Reset()
	g.eol, g.oneLine = g.pick("\n", "\n", "\n", "\r\n"), g.chance(10)
	g.b.WriteString("events {}" + g.eol)
	g.line(0, "http {")
	if g.chance(50) {
		g.line(1, "map $http_upgrade $m { default upgrade; '' %s; }", g.pick("close", "''"))
	} else {
		g.line(1, "map $http_upgrade $m { default upgrade; }")
	}
	g.line(1, "map $http_upgrade $bad { default close; }")
	g.line(1, "upstream app { server 127.0.0.1:9002; %s}", g.pick("", "keepalive 4; "))
	if g.chance(15) {
		g.headers(1)
	}
	for i := range g.IntN(3) + 1 {
		g.line(1, "server {")
		g.line(2, "listen %d;", 8080+i)
		if g.chance(40) {
			g.headers(2)
		}
		if g.chance(20) {
			g.line(2, "include shared.conf;")
		}
		for _, path := range []string{"/", "/ws", "/cable", "/api", "/socket.io/"} {
			if g.chance(45) {
				g.location(2, path, path != "/")
			}
		}
		g.line(1, "}")
	}
	g.line(0, "}")
	return map[string]string{
		"nginx.conf":   g.b.String(),
		"headers.conf": "proxy_set_header X-Real-IP $remote_addr;\n",
		"upgrade.conf": "proxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection " + g.pick("upgrade", `""`, "$m") + ";\n",
		"shared.conf":  "location /websocket {\n    proxy_pass http://127.0.0.1:9003;\n" + g.pick("", "    proxy_http_version 1.1;\n") + "}\n",
	}
}

// TestRandomTrees fixes random trees: the proof never has to refuse a fix, a
// second run changes nothing, and what is left of errors has a fix that is only
// shown. With a real nginx, a part of them is taken by nginx -t afterwards.
func TestRandomTrees(t *testing.T) {
	trees := 1500
	if testing.Short() {
		trees = 200
	}
	patched := 0
	for seed := range trees {
		g := &generator{Rand: rand.New(rand.NewPCG(uint64(seed), 7))}
		files := g.tree()
		fsys := fstest.MapFS{}
		for name, text := range files {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
		opt := Options{FS: fsys, Paths: []string{"."}, Fix: true, UnsafeFixes: seed%2 == 0}
		res, err := Run(opt)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for _, h := range res.Held {
			if strings.HasPrefix(h.Reason, "not proven") {
				t.Errorf("seed %d: %s: %s\n%s", seed, h.Fix.Message, h.Reason, files["nginx.conf"])
			}
		}
		for _, p := range res.Patches {
			files[p.File.Name] = string(p.New)
			fsys[p.File.Name] = &fstest.MapFile{Data: p.New}
			patched++
		}
		again, err := Run(opt)
		if err != nil || len(again.Patches) > 0 {
			t.Errorf("seed %d: fixed twice: %v", seed, err)
		}
		if opt.UnsafeFixes {
			checkLeft(t, seed, again.Findings)
		}
		if t.Failed() {
			t.Fatalf("patched:\n%s", files["nginx.conf"])
		}
		if seed%100 == 0 {
			checkNginx(t, seed, files)
		}
	}
	t.Logf("%d trees, %d files patched", trees, patched)
}

// checkLeft: a location that is meant for WebSockets is mended, or its fix is
// one for a human.
func checkLeft(t *testing.T, seed int, findings []rules.Finding) {
	t.Helper()
	for _, f := range findings {
		if f.Severity == rules.Error && (len(f.Fixes) == 0 || f.Fixes[0].Safety != fixer.Shown) {
			t.Errorf("seed %d: left: %v: %s", seed, f.Span.File.Position(f.Span.Start), f.Message)
		}
	}
}

func checkNginx(t *testing.T, seed int, files map[string]string) {
	t.Helper()
	onDisk := make(map[string]string)
	for name, text := range files {
		onDisk[name] = text
	}
	onDisk["nginx.conf"] = strings.Replace(files["nginx.conf"], "http {", "http { "+nginxtest.TempPaths, 1)
	for _, n := range nginxtest.Available() {
		if messages, ok := n.Test(nginxtest.Write(t, onDisk), "nginx.conf"); !ok {
			t.Errorf("seed %d: %v says %v of\n%s", seed, n, messages, files["nginx.conf"])
		}
	}
	cfg, err := parser.Load(fstest.MapFS{"nginx.conf": {Data: []byte(files["nginx.conf"])}}, "nginx.conf", parser.Options{})
	if err != nil || len(cfg.Problems()) > 0 {
		t.Errorf("seed %d: %v %v", seed, err, cfg.Problems())
	}
}
