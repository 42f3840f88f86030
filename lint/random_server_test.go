package lint

import (
	"fmt"
	"strings"
)

// livePaths are asked of every server of a random tree.
var livePaths = []string{"/", "/ws", "/ws/", "/ws/static", "/cable", "/api", "/api/v1/ws", "/socket.io/", "/socket.io", "/other", "/wss", "/old/ws"}

// locationNames are what a server's locations are drawn from.
var locationNames = []string{
	"/", "/", "/", "/ws", "/ws", "/ws", "/ws/", "= /ws", "=/ws", "^~ /ws", "^~ /api", "/cable", "/api", "/api/", "/socket.io/", "= /cable", `"/other"`,
	"~ ^/(ws|wss)$", "~* ^/WSS", "~ /ws", `~ ^/api/v\d+/ws`, "~* socket", "~^/old", "~ ^/(?<first>[a-z]+)$",
}

// shellServer is in every tree: it gives the variable that servers set a
// definition, so that each server can do without the others.
func shellServer() *piece {
	return block("server", directive("listen 8079"), directive("set $c ''"))
}

// firstPort is the first server's, in the sketch.
const firstPort = 8080

// server makes one server, with what else of http belongs to it alone.
func (g *generator) server(i int) []*piece {
	l := g.level("server")
	l.put(directive(fmt.Sprintf("listen %d%s", firstPort+i, g.listenParameters())))
	if g.chance(30) {
		l.add("server_name %s", g.pick("example.test", "_", `~^(?<label>\w+)\.test$`))
	}
	if g.chance(40) {
		l.settings()
	}
	if g.chance(15) {
		l.rewrites()
	}
	if g.chance(12) {
		l.errorPage()
	}
	for _, name := range []string{"@ws", "@app"} {
		l.location(name, 0)
	}
	for range g.IntN(4) + 1 {
		l.location(locationNames[g.IntN(len(locationNames))], 2)
	}
	if g.chance(1) {
		l.location("~ (?!.*ws)", 0) // which only PCRE can run
	}
	g.Shuffle(len(l.pieces), func(i, j int) { // headers may stand after locations
		if g.chance(20) && !rewriteOrder(l.pieces[i]) && !rewriteOrder(l.pieces[j]) {
			l.pieces[i], l.pieces[j] = l.pieces[j], l.pieces[i]
		}
	})
	server := block("server", l.pieces...)
	server.flat = g.chance(5)
	group := []*piece{server}
	if g.broken && g.chance(12) {
		group = g.breakServer(group)
	}
	for _, p := range group {
		p.group = i + 1
	}
	return group
}

func rewriteOrder(p *piece) bool {
	for _, word := range []string{"if", "set", "return", "rewrite", "break"} {
		if strings.HasPrefix(p.text, word) {
			return true
		}
	}
	return false
}

func (g *generator) listenParameters() string {
	if g.chance(4) {
		return g.pick(" http2", " default_server", " backlog=100")
	}
	return ""
}

// location adds a location of a name, unless the level has it.
func (l *level) location(name string, depth int) {
	if key := "location " + locationKey(name); l.seen[key] {
		return
	} else {
		l.seen[key] = true
	}
	in := l.generator.level("location")
	if l.chance(60) {
		in.settings()
	}
	if l.chance(20) {
		in.rewrites()
	}
	if l.chance(4) {
		in.errorPage()
	}
	if l.chance(3) {
		in.access()
	}
	in.handler(name)
	for depth > 0 && l.chance(20) && !strings.HasPrefix(name, "=") && !strings.HasPrefix(name, "@") {
		in.location(l.nestedName(name), depth-1)
	}
	p := block("location "+name, in.pieces...)
	p.flat = l.chance(8)
	l.put(p)
}

// locationKey is the same for names that nginx calls duplicates.
func locationKey(name string) string {
	name = strings.TrimPrefix(strings.ReplaceAll(name, `"`, ""), "^~ ")
	return strings.ReplaceAll(name, "= ", "=")
}

// nestedName returns a name that a nested location can have.
func (l *level) nestedName(name string) string {
	if strings.HasPrefix(name, "~") || l.chance(30) {
		return l.pick("~ ws", "~* STATIC$", "~ ^/api/v1")
	}
	name = strings.Trim(strings.TrimPrefix(name, "^~ "), `"`)
	return l.pick("", "= ", "^~ ") + name + l.pick("/static", "/v1/ws", "/v1", "static", "")
}

// handler adds what answers the requests of a location.
func (l *level) handler(name string) {
	uri := !strings.HasPrefix(name, "~") && !strings.HasPrefix(name, "@")
	switch n := l.IntN(100); {
	case n < 4:
		l.add("return %s", l.pick("403", "404", "200 ok", "301 https://$host$request_uri", "302 /ws", "418", "444", "204"))
	case n < 10 && !strings.HasPrefix(name, "@"):
		l.add("try_files %s", l.pick("/none @ws", "$uri @ws", "$uri $uri/ @app", "$uri @ws", "$uri =404", "/none /ws", "$uri /other"))
		if l.chance(50) {
			l.proxyPass(uri)
		}
	case n < 14:
		if l.chance(50) {
			l.add("root /nonexistent")
		}
	default:
		l.proxyPass(uri)
	}
	if l.chance(3) {
		limit := block("limit_except " + l.pick("GET", "POST", "GET POST", "PUT"))
		limit.pieces = append(limit.pieces, directive(l.pick("deny all", "deny all", "proxy_pass http://127.0.0.1:9001", "allow all")))
		l.put(limit)
	}
	if l.chance(1) {
		l.add("internal")
	}
}

func (l *level) proxyPass(uri bool) {
	target := l.pick("http://127.0.0.1:9000", "http://127.0.0.1:9000", "http://127.0.0.1:9001", "http://app", "http://pool", "http://$backend", "HTTP://127.0.0.1:9002", "http://$backend$request_uri")
	if target == "http://$backend" && l.chance(60) {
		l.add("set $backend %s", l.pick("app", "127.0.0.1:9001", "POOL", `"127.0.0.1:9000"`))
	}
	if uri && !strings.Contains(target, "$") && l.chance(25) {
		target += l.pick("/", "/sub/", "/ws", "/?x=1")
	}
	l.add("proxy_pass %s", target)
}

func (l *level) access() {
	l.add("%s", l.pick("deny all", "allow 127.0.0.1", "allow all", "deny 10.0.0.0/8", "satisfy any"))
	if l.chance(50) {
		l.add("deny all")
	}
}

func (l *level) errorPage() {
	l.add("error_page %s", l.pick("403 = @ws", "418 = @ws", "404 @app", "403 404 = @app", "404 /404.html", "418 =200 @ws", "403 /ws", "418 = /ws", "500 502 /50x.html", "301 = @ws"))
	if l.chance(15) {
		l.once("recursive_error_pages", "on")
	}
}
