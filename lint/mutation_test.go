package lint

import (
	"flag"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/runnable"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

var mutants = flag.Int("mutants", 150, "mutations of healthy configurations to run on nginx; 0 for all")

// TestMutations breaks healthy configurations in every way that it knows, one
// at a time, and runs them: where a handshake that passed does not pass any
// more, something has to be found that was not found before.
func TestMutations(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs hundreds of configurations")
	}
	installed := nginxtest.Installed(t)
	m := &mutation{T: t, nginx: installed[len(installed)/2], missed: make(map[string]int)}
	m.cert, m.key = nginxtest.Certificate(t)
	version, err := parser.ParseVersion(m.nginx.Version)
	if err != nil {
		t.Fatal(err)
	}
	m.version = version
	var all []mutant
	for _, s := range m.healthy() {
		all = append(all, s.mutants()...)
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	if *mutants > 0 && len(all) > *mutants {
		all = all[:*mutants]
	}
	for _, x := range all {
		m.try(x)
	}
	t.Logf("%d mutants of healthy configurations were run on %v: %d break a handshake, of which %d are found", len(all), m.nginx, m.broken, m.found)
	for _, what := range slices.Sorted(maps.Keys(m.missed)) {
		t.Logf("not found, %d: %s", m.missed[what], what)
	}
	if missed := m.broken - m.found; missed > 2 && missed*100 > m.broken {
		t.Errorf("found %d of %d", m.found, m.broken)
	}
}

// A mutation is the run of the test.
type mutation struct {
	*testing.T
	nginx         nginxtest.Nginx
	version       parser.Version
	cert, key     string
	broken, found int
	missed        map[string]int
}

// A working configuration is one in which handshakes pass.
type working struct {
	name  string
	files map[string]string
	cfg   *parser.Config
	asked []question     // that pass
	known map[string]int // what is found as it is, how often
}

// A mutant is a working configuration with one mistake.
type mutant struct {
	*working
	what string
	edit fixer.Edit
}

// working marks the locations of a configuration as WebSocket ones, so that no
// mutation removes that, and runs it. It returns nil if no handshake succeeds.
func (m *mutation) working(name string, files map[string]string) *working {
	if files["nginx.conf"] == "" {
		return nil
	}
	s := &working{name: name, files: files}
	cfg, err := parser.Load(mapFS(files), "nginx.conf", parser.Options{})
	if err != nil {
		return nil
	}
	edits := make(map[*parser.File][]fixer.Edit)
	for _, f := range cfg.Files {
		f.Root.Walk(func(d *parser.Directive) {
			if d.Is("location") && d.Block != nil {
				at := d.Block.Body().Start
				edits[f] = append(edits[f], fixer.Edit{Span: parser.Span{File: f, Start: at, End: at}, New: "\n# nginx-ws-lint: websocket\n"})
			}
		})
	}
	for f, list := range edits {
		patches, _ := fixer.Apply([]fixer.Fix{{Safety: fixer.Safe, Edits: list}}, fixer.Safe)
		for _, p := range patches {
			s.files[f.Name] = string(p.New)
		}
	}
	if s.cfg, err = parser.Load(mapFS(s.files), "nginx.conf", parser.Options{}); err != nil {
		return nil
	}
	for i, server := range s.cfg.Servers() {
		for _, path := range runnable.Paths(modelOf(server.Config), server) {
			if requested(server, path, model.WebSocket, m.version).Handshake().Outcome != model.Fails { // the stand-in admits clients that deny would refuse
				s.asked = append(s.asked, question{i, path, routed(server, path)})
			}
		}
	}
	_, passing := m.run(s.cfg, s.asked)
	s.asked = passing
	s.known = m.findings(s.files)
	if len(passing) == 0 {
		return nil
	}
	return s
}

// run sends requests to a configuration. It reports whether nginx accepts it, and
// which requests succeed.
func (m *mutation) run(cfg *parser.Config, asked []question) (took bool, passing []question) {
	fleet := nginxtest.NewFleet(m)
	ground := &runnable.Ground{Free: func() string { return nginxtest.FreeAddress(m) }, Upstream: fleet.Address, Certificate: m.cert, Key: m.key}
	tree := ground.Runnable(modelOf(cfg))
	dir := nginxtest.Write(m, tree.Files)
	if _, took = m.nginx.Test(dir, tree.Main); !took || len(asked) == 0 {
		return took, nil
	}
	stop, err := m.nginx.Run(dir, tree.Main, tree.Doors[0].Own.Address)
	if err != nil {
		return false, nil
	}
	defer stop()
	for _, q := range asked {
		if q.server >= len(tree.Doors) {
			continue
		}
		if _, ok, _ := tree.Doors[q.server].Own.Handshake(q.path); ok {
			passing = append(passing, q)
		}
	}
	return true, passing
}

// findings are what is found, without places.
func (m *mutation) findings(files map[string]string) map[string]int {
	res, err := Run(Options{FS: mapFS(files), Paths: []string{"."}, Version: m.version})
	if err != nil {
		m.Fatal(err)
	}
	all := make(map[string]int)
	for _, f := range res.Findings {
		all[f.Rule.Name+": "+f.Message]++
	}
	return all
}

// mutants are all mutations of one.
func (s *working) mutants() (all []mutant) {
	add := func(what string, span parser.Span, text string) {
		all = append(all, mutant{s, what, fixer.Edit{Span: span, New: text}})
	}
	for _, f := range s.cfg.Files {
		f.Root.Walk(func(d *parser.Directive) {
			if d.Is("location") && d.Block != nil {
				for _, line := range broken {
					at := d.Block.Body().Start
					add("added "+line, parser.Span{File: f, Start: at, End: at}, " "+line+" ")
				}
			}
			for _, text := range replacements(d) {
				add(d.Name()+" "+d.Param(0)+" became "+text, d.Span(), text)
			}
		})
	}
	return all
}

// try runs a mutant, and where it breaks something, looks whether it is found.
func (m *mutation) try(x mutant) {
	f := x.edit.Span.File
	patches, _ := fixer.Apply([]fixer.Fix{{Safety: fixer.Safe, Edits: []fixer.Edit{x.edit}}}, fixer.Safe)
	if len(patches) == 0 {
		return
	}
	files := maps.Clone(x.files)
	files[f.Name] = string(patches[0].New)
	cfg, err := parser.Load(mapFS(files), "nginx.conf", parser.Options{})
	if err != nil {
		m.Fatal(err)
	}
	if took, passing := m.run(cfg, x.asked); took && len(passing) == len(x.asked) {
		return
	}
	m.broken++
	for finding, n := range m.findings(files) {
		if n > x.known[finding] {
			m.found++
			return
		}
	}
	m.missed[x.what]++
	if testing.Verbose() {
		m.Logf("%s: %s", x.name, x.what)
	}
}
