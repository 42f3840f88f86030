package lint

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A generator makes random trees of the kind that this project is about:
// headers on every level and through includes, maps, ifs, jumps.
type generator struct {
	*rand.Rand
	version  parser.Version
	snippets []*snippet
	broken   bool // some servers hold what nginx refuses
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func (g *generator) pick(all ...string) string { return all[g.IntN(len(all))] }

// A level collects the pieces of one level. It ensures that what nginx accepts once
// per level does not occur twice, also through an include.
type level struct {
	*generator
	place  string // http, server, location
	seen   map[string]bool
	pieces []*piece
}

func (g *generator) level(place string) *level {
	return &level{generator: g, place: place, seen: make(map[string]bool)}
}

func (l *level) put(p *piece) {
	p.note = l.chance(5)
	l.pieces = append(l.pieces, p)
}

func (l *level) add(format string, args ...any) { l.put(directive(fmt.Sprintf(format, args...))) }

// once adds a directive that a level has once.
func (l *level) once(name, value string) {
	if !l.seen[name] {
		l.seen[name] = true
		l.add("%s %s", name, value)
	}
}

// A snippet is a file of settings that any level may include, once or several
// times.
type snippet struct {
	include string   // what an include directive names: a file or a pattern
	once    []string // what it sets that a level has once
}

// include adds an include of a snippet that fits the level.
func (l *level) include() {
	s := l.snippets[l.IntN(len(l.snippets))]
	for _, name := range s.once {
		if l.seen[name] {
			return
		}
	}
	for _, name := range s.once {
		l.seen[name] = true
	}
	l.add("include %s", s.include)
}

// makeSnippets writes the snippets: plain ones, one that includes another, and two
// that match one pattern.
func (g *generator) makeSnippets(s *sketch) {
	names := []string{"headers.conf", "snippets/ws.conf", "snippets/proxy-a.conf", "snippets/proxy-b.conf"}
	var once [][]string
	for _, name := range names {
		l := g.level("snippet")
		for len(l.pieces) == 0 {
			l.settings()
		}
		s.files[name] = l.pieces
		once = append(once, keysOf(l.seen))
		g.snippets = append(g.snippets, &snippet{name, once[len(once)-1]})
	}
	s.files["snippets/outer.conf"] = []*piece{directive("include snippets/ws.conf")}
	g.snippets = append(g.snippets, &snippet{"snippets/outer.conf", once[1]})
	if !overlap(once[2], once[3]) {
		g.snippets = append(g.snippets, &snippet{"snippets/proxy-*.conf", append(once[2], once[3]...)})
	}
}

func keysOf(set map[string]bool) []string {
	var all []string
	for key := range set {
		all = append(all, key)
	}
	return all
}

func overlap(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// tree makes a whole tree with that many servers, in nginx.conf or in conf.d.
func (g *generator) tree(servers int) *sketch {
	s := &sketch{files: make(map[string][]*piece), crlf: g.chance(10)}
	g.makeSnippets(s)
	http := g.level("http")
	g.shared(http)
	if g.chance(20) {
		http.settings()
	}
	confd := g.chance(30)
	for i := range servers {
		group := g.server(i)
		if confd {
			s.files[fmt.Sprintf("conf.d/%02d.conf", i)] = group
		} else {
			http.pieces = append(http.pieces, group...)
		}
	}
	if confd {
		http.add("include conf.d/*.conf")
	}
	s.files["nginx.conf"] = []*piece{block("events"), block("http", http.pieces...)}
	s.dropUnused()
	return s
}

// dropUnused removes snippets that nothing includes, so that each file of a tree
// counts.
func (s *sketch) dropUnused() {
	for again := true; again; {
		again = false
		for name := range s.files {
			if name != "nginx.conf" && !s.included(name) {
				delete(s.files, name)
				again = true
			}
		}
	}
}

func (s *sketch) included(name string) bool {
	for _, pieces := range s.files {
		if findPiece(pieces, func(p *piece) bool { return includes(p.text, name) }) != nil {
			return true
		}
	}
	return false
}

// includes reports whether an include directive matches a file: our patterns have one
// star.
func includes(text, name string) bool {
	pattern, ok := strings.CutPrefix(text, "include ")
	before, after, star := strings.Cut(pattern, "*")
	return ok && (pattern == name || star && strings.HasPrefix(name, before) && strings.HasSuffix(name, after))
}
