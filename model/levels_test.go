package model

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// serverWith loads a server with some lines in it.
func serverWith(t *testing.T, lines string) *parser.Context {
	t.Helper()
	return load(t, tree("nginx.conf", "events {} http { server {\n"+lines+"} }"), "nginx.conf", parser.Options{}).Servers()[0]
}

// padding are more locations than a small level has, to which no request comes.
func padding() string {
	var b strings.Builder
	for i := range smallLevel + 1 {
		fmt.Fprintf(&b, "location /padding/%d { }\n", i)
	}
	return b.String()
}

// A level with many locations, which has an index, answers as one with a few,
// which is searched.
func TestRouteOnAnyLevel(t *testing.T) {
	names := []string{
		"/", "/a", "/a/", "= /a", "^~ /a/b", "/a/b/c", "= /a/b/c", "~ ^/a/.*x$", "~* Y$", "@name", "=/z", "^~/q/", "/q/r/ ", "= /q/r", "/slash/", "= /other/", "^~ /third/",
	}
	paths := []string{"/", "/a", "/a/", "/a/b", "/a/b/c", "/a/b/cx", "/ax", "/AY", "/z", "/z/", "/q", "/q/", "/q/r", "/q/r/", "/q/r/s", "/slash", "/slash/x", "/other", "/third", "/thirdy", ""}
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		var lines string
		for i, name := range names[:random.IntN(len(names))+1] {
			lines += fmt.Sprintf("location %s { ", name)
			if i%3 > 0 && !strings.Contains(name, "~ ") {
				lines += "proxy_pass http://b;"
			}
			lines += " }\n"
		}
		few, many := serverWith(t, lines), serverWith(t, padding()+lines)
		short, long := modelOf(few), modelOf(many)
		for _, path := range paths {
			if got, want := reached(short, few, path), reached(long, many, path); got != want {
				t.Fatalf("%s gets to %s where locations are few, to %s where they are many, of\n%s", path, got, want, lines)
			}
		}
		if got, want := short.named(few, "@name") != nil, long.named(many, "@name") != nil; got != want || got != strings.Contains(lines, "@name") {
			t.Fatalf("@name: %t where locations are few, %t where they are many, of\n%s", got, want, lines)
		}
	}
}

// reached says where a path leads.
func reached(m *Model, server *parser.Context, path string) string {
	c := m.Route(server, path)
	if c == server {
		return "the server"
	}
	if _, redirects := m.redirectTarget(c); redirects {
		return "the redirect to " + c.Opener.Words()
	}
	return c.Opener.Words()
}
