package lint

import (
	"io/fs"
	"os"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// maxUnsure is the share of an inventory's entries whose handshake may be unsure.
const maxUnsure = 0.10

// An unsureShare counts the entries of inventories.
type unsureShare struct {
	all, unsure int
	reasons     map[string]int
}

func (s *unsureShare) add(fsys fs.FS, name string, v parser.Version) {
	res, err := Run(Options{FS: fsys, Paths: []string{name}, Version: v})
	if err != nil {
		return // a file of the corpus that holds no configuration
	}
	for _, e := range Inventory(res, false) {
		s.all++
		if e.Handshake.Outcome == model.Unsure {
			s.unsure++
			s.reasons[reasonShape(e.Handshake.Reason)]++
		}
	}
}

func (s *unsureShare) check(t *testing.T) {
	t.Helper()
	share := float64(s.unsure) / float64(max(1, s.all))
	t.Logf("%d of %d entries are unsure (%.1f %%)", s.unsure, s.all, 100*share)
	if s.all == 0 {
		t.Error("no entries")
	}
	if share <= maxUnsure {
		return
	}
	t.Errorf("more than %.0f %%", 100*maxUnsure)
	for reason, n := range s.reasons {
		t.Logf("%d times: %s", n, reason)
	}
}

// TestUnsureShare holds the inventories of random trees to the share.
func TestUnsureShare(t *testing.T) {
	s := &unsureShare{reasons: make(map[string]int)}
	v := parser.Version{Major: 1, Minor: 26, Patch: 3}
	for seed := range 60 {
		s.add(mapFS(brokenSketch(seed, v).render()), ".", v)
	}
	s.check(t)
}

// TestUnsureShareOfCorpus does the same with real configurations.
func TestUnsureShareOfCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads thousands of files")
	}
	root, names := corpusNames(t)
	s := &unsureShare{reasons: make(map[string]int)}
	for _, name := range names {
		s.add(os.DirFS(root), name, parser.Version{})
	}
	s.check(t)
}
