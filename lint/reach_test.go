package lint

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// TestReach changes random trees at random. What a patch cannot reach must send what it
// sent, in each version and for each kind of request.
func TestReach(t *testing.T) {
	trees := 600
	if testing.Short() {
		trees = 100
	}
	out, in := 0, 0
	for seed := range trees {
		draw := rand.New(rand.NewPCG(uint64(seed), 21))
		s := randomSketch(seed, 21, parser.Version{}, 6)
		before := s.render()
		after := s.clone()
		mutate(draw, after)
		old, patched := loaded(t, before), loaded(t, after.render())
		if old == nil || patched == nil {
			continue
		}
		r := reachOf(old, patched)
		if r.all {
			continue
		}
		reached := make(map[*parser.Context]reachedServer)
		for _, server := range r.servers {
			reached[server.before] = server
		}
		m := matching{old: freshKeys(old), patched: freshKeys(patched), before: old, after: patched}
		for _, p := range m.pairs(reachedServer{before: old.Root, after: patched.Root, all: true}) {
			if server, some := reached[p.before.Server()]; some && server.has(p.before.Context) {
				in++
				continue
			}
			out++
			if what := difference(p); what != "" {
				t.Errorf("seed %d: %s sends another %s, out of reach\n%s", seed, m.old.of(p.before.Context), what, txtarOf(after.render()))
			}
		}
	}
	t.Logf("%d locations out of reach, %d in reach", out, in)
	if out == 0 || in == 0 {
		t.Error("nothing was compared")
	}
}

// mutate changes, removes or moves some pieces.
func mutate(draw *rand.Rand, s *sketch) {
	var all []*piece
	s.lists(func(_ int, list *[]*piece) { all = append(all, *list...) })
	for range 1 + draw.IntN(2) {
		p := all[draw.IntN(len(all))]
		switch draw.IntN(3) {
		case 0:
			if !p.block {
				p.text = "proxy_set_header X-Changed " + fmt.Sprint(draw.IntN(100))
			}
		case 1:
			if q := all[draw.IntN(len(all))]; !p.block && !q.block {
				p.text = q.text
			}
		case 2:
			if p.block && len(p.pieces) > 0 {
				p.pieces = p.pieces[1:]
			}
		}
	}
}

func loaded(t *testing.T, files map[string]string) *model.Model {
	w, err := discover(Options{FS: inMemory(files), Paths: []string{"nginx.conf"}})
	if err != nil || len(w.configs) != 1 {
		return nil
	}
	return w.configs[0]
}

func freshKeys(m *model.Model) *contextKeys {
	return &contextKeys{names: map[*parser.Context]string{m.Root: ""}}
}

// difference returns an aspect in which a location's requests differ, or "".
func difference(p pair) string {
	if p.after.Context == nil {
		return "place"
	}
	for _, v := range parser.AnyVersion.Samples() {
		for _, kind := range []model.Kind{model.WebSocket, model.Plain} {
			old, patched := p.before.model.Request(p.before.Context, kind, v), p.after.model.Request(p.after.Context, kind, v)
			if what := differs(old, patched, nil); what != "" {
				return what
			}
			if a, b := old.Handshake(), patched.Handshake(); a.Outcome != b.Outcome || a.Likely != b.Likely { // reasons name lines
				return "verdict"
			}
			old, patched = p.before.model.Subrequest(p.before.Context, kind, v), p.after.model.Subrequest(p.after.Context, kind, v)
			if what := differs(old, patched, nil); what != "" {
				return what + " in a subrequest"
			}
		}
	}
	return ""
}
