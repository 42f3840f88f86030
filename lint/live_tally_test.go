package lint

import (
	"fmt"
	"sync"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A liveTally counts over all trees and workers.
type liveTally struct {
	sync.Mutex
	handshakes, plain, unsure, mended, refused, foretold int
	notModelled, stillFail, doubts                       map[string]int
	seen                                                 map[string]bool // kinds of mismatches
}

func newLiveTally() *liveTally {
	return &liveTally{notModelled: make(map[string]int), stillFail: make(map[string]int), doubts: make(map[string]int), seen: make(map[string]bool)}
}

func (c *liveTally) count(where map[string]int, key string) {
	c.Lock()
	defer c.Unlock()
	where[key]++
}

// log writes the totals, and with -survey what they are made of.
func (c *liveTally) log(t *testing.T, versions int) {
	share := 100 * float64(c.unsure) / float64(max(1, c.unsure+c.handshakes+c.plain))
	t.Logf("%d handshakes and %d plain requests on %d versions ended as the model says, %d unsure (%.1f %%); %d that failed pass after the patch; "+
		"%d trees refused by nginx, %d of them as the model said", c.handshakes, c.plain, versions, c.unsure, share, c.mended, c.refused, c.foretold)
	lists := []struct {
		what   string
		counts map[string]int
	}{{"refused, not modelled", c.notModelled}, {"fixed, but fails still", c.stillFail}, {"unsure", c.doubts}}
	for i, l := range lists {
		for key, n := range l.counts {
			if i == 0 || *liveKeep {
				t.Logf("%s: %d times: %s", l.what, n, key)
			}
		}
	}
}

// judged compares an answer with the model and counts it.
func (r *liveRun) judged(p *livePlaced, server *parser.Context, path string, kind model.Kind, a liveAnswer, counted bool) *liveMismatch {
	q := modelled{requested(server, path, kind, r.version), p.cfg, r.version}
	what, detail, unsure := q.judge(path, a)
	if counted {
		r.Lock()
		defer r.Unlock()
		switch {
		case unsure:
			r.unsure++
			r.doubts[reasonShape(detail)]++
		case kind == model.WebSocket:
			r.handshakes++
		default:
			r.plain++
		}
	}
	if what == "" {
		return nil
	}
	port := p.ports[listenAddress(server)]
	return &liveMismatch{port, path, kind, fmt.Sprintf("%s %s", [...]string{"WebSocket", "plain"}[kind], what), detail}
}
