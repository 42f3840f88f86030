package lint

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// shrink removes everything from a sketch that is not needed for bad to return true.
// It calls bad at most that many times.
func (s *sketch) shrink(tries int, bad func(*sketch) bool) *sketch {
	steps, failed := s.smaller(), 0
	for i := 0; failed < len(steps) && tries > 0; tries-- {
		candidate := s.clone()
		steps[i%len(steps)](candidate)
		if len(txtarOf(candidate.render())) < len(txtarOf(s.render())) && bad(candidate) {
			s, failed = candidate, 0
			steps = s.smaller() // the next step is now where this one was
			continue
		}
		i, failed = i+1, failed+1
	}
	return s
}

// smaller lists the steps that make a sketch smaller, big ones first. A step
// is carried out on a clone, and finds its place there by number.
func (s *sketch) smaller() []func(*sketch) {
	var big, small, inline []func(*sketch)
	for name := range s.files {
		if name != "nginx.conf" {
			big = append(big, func(c *sketch) { delete(c.files, name) })
		}
	}
	s.lists(func(number int, list *[]*piece) {
		for size := len(*list); size > 0; size /= 2 {
			for from := 0; from+size <= len(*list); from += size {
				step := func(c *sketch) { c.cut(number, from, from+size) }
				if size > 1 || (*list)[from].block {
					big = append(big, step)
				} else {
					small = append(small, step)
				}
			}
		}
		for i, p := range *list {
			if strings.HasPrefix(p.text, "include ") {
				inline = append(inline, func(c *sketch) { c.inline(number, i) })
			}
		}
	})
	return slices.Concat([]func(*sketch){(*sketch).plain}, big, small, inline)
}

// lists calls f for every list of pieces, in an order that clones share.
func (s *sketch) lists(f func(number int, list *[]*piece)) {
	number := 0
	var walk func(list *[]*piece)
	walk = func(list *[]*piece) {
		f(number, list)
		number++
		for _, p := range *list {
			if p.block {
				walk(&p.pieces)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		list := s.files[name]
		walk(&list)
		s.files[name] = list
	}
}

func (s *sketch) cut(list, from, to int) {
	s.lists(func(number int, l *[]*piece) {
		if number == list {
			*l = slices.Delete(*l, from, to)
		}
	})
	s.dropUnused()
}

// inline replaces an include by its content.
func (s *sketch) inline(list, i int) {
	var brought []*piece
	s.lists(func(number int, l *[]*piece) {
		if number != list {
			return
		}
		for _, name := range slices.Sorted(maps.Keys(s.files)) {
			if includes((*l)[i].text, name) {
				for _, p := range s.files[name] {
					brought = append(brought, p.clone())
				}
			}
		}
		*l = slices.Replace(*l, i, i+1, brought...)
	})
	s.dropUnused()
}

// plain removes decoration.
func (s *sketch) plain() {
	s.crlf = false
	s.lists(func(_ int, list *[]*piece) {
		for _, p := range *list {
			p.flat, p.note = false, false
		}
	})
}

func (s *sketch) clone() *sketch {
	c := &sketch{files: make(map[string][]*piece), crlf: s.crlf}
	for name, pieces := range s.files {
		for _, p := range pieces {
			c.files[name] = append(c.files[name], p.clone())
		}
		if len(pieces) == 0 {
			c.files[name] = nil
		}
	}
	return c
}

func (p *piece) clone() *piece {
	c := *p
	c.pieces = nil
	for _, q := range p.pieces {
		c.pieces = append(c.pieces, q.clone())
	}
	return &c
}

// txtarOf writes files as a golden to be.
func txtarOf(files map[string]string, comment ...string) []byte {
	a := &txtar.Archive{Comment: []byte(strings.Join(comment, "\n") + "\n")}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		a.Files = append(a.Files, txtar.File{Name: name, Data: encode([]byte(files[name]))})
	}
	return txtar.Format(a)
}

// TestShrink: of a big tree only the relevant part and its file are left.
func TestShrink(t *testing.T) {
	s := randomSketch(1, 7, parser.Version{}, 8)
	s.files["snippets/deep.conf"] = []*piece{directive("proxy_hide_header Deep"), directive("proxy_buffering off")}
	server := findPiece(s.files["nginx.conf"], func(p *piece) bool { return p.text == "http" })
	server.pieces = append(server.pieces, block("server", directive("listen 1"), block("location /x", directive("return 403"), directive("include snippets/deep.conf"))))
	tries := 0
	got := s.shrink(2000, func(c *sketch) bool {
		tries++
		cfg, err := parser.Load(inMemory(c.render()), "nginx.conf", parser.Options{})
		if err != nil {
			return false
		}
		for _, server := range cfg.Servers() {
			for _, child := range server.Children {
				if child.First("proxy_hide_header") != nil && child.First("proxy_hide_header").Param(0) == "Deep" {
					return true
				}
			}
		}
		return false
	})
	want := "http {\n    server {\n        location /x {\n            proxy_hide_header Deep;\n        }\n    }\n}\n"
	if text := got.render(); text["nginx.conf"] != want || len(text) != 1 {
		t.Errorf("after %d tries:\n%s", tries, txtarOf(text))
	}
	t.Logf("%d tries", tries)
	if unchanged := (&sketch{files: map[string][]*piece{"nginx.conf": {directive("a")}}}).shrink(10, func(*sketch) bool { return false }); unchanged.render()["nginx.conf"] != "a;\n" {
		t.Error("a sketch of which nothing can go is changed")
	}
}
