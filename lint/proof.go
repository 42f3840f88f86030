package lint

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/gonginxcheck"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/parallel"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// violation compares the patched tree with the old one, context by context, and
// returns which promise is broken, or "".
func (s *session) violation(done *outcome) string {
	if len(done.texts) == 0 {
		return ""
	}
	if broken := s.brokenRendering(done); broken != "" {
		return broken
	}
	compared := s.pairs(done)
	if broken := s.brokenPair(compared, done); broken != "" {
		return broken
	}
	if change := s.subrequestChange(compared); change != "" {
		return change
	}
	if added := newProblem(s.before, done.after, s.versions); added != "" {
		return added
	}
	if unknown := newUnknown(done); unknown != "" {
		return unknown
	}
	return contradicted(done)
}

// contradicted says what the second reader sees otherwise in a patched text, or "".
func contradicted(done *outcome) string {
	files := slices.SortedFunc(maps.Keys(done.texts), func(a, b *parser.File) int { return strings.Compare(a.Name, b.Name) })
	reasons := make([]string, len(files))
	parallel.Each(len(files), func() func(int) {
		return func(i int) { reasons[i] = contradiction(files[i], done.after) }
	})
	for i, reason := range reasons {
		if reason != "" {
			return fmt.Sprintf("%s: %s", path.Base(files[i].Name), reason)
		}
	}
	return ""
}

// contradiction says what the second reader sees otherwise in the patched text of a file.
func contradiction(file *parser.File, w *workspace) string {
	after, err := w.files.Read(file.Name)
	if err != nil {
		return fmt.Sprintf("the patched text cannot be read: %v", err)
	}
	if w.known[after] {
		if reason := otherObjects(file, after); reason != "" {
			return reason
		}
	}
	if file.Foreign() {
		return ""
	}
	return gonginxcheck.Contradicts(file, after)
}

// place is where a context begins, as reasons name it: by the name that the file has in
// its directory. A name in the file system is not one that the user knows.
func place(c *parser.Context) string {
	s := c.Opener.Span()
	return fmt.Sprintf("%s:%d", path.Base(s.File.Name), s.File.Position(s.Start).Line)
}

// A subject is a location with the model of its configuration.
type subject struct {
	*parser.Context
	model *model.Model
}

// A pair is a location before and after a patch. After has no context if it is gone.
type pair struct {
	before, after subject
	same          bool // the patch cannot change what it sends
	misread       bool // nginx sent something else than its text says, or nothing
}

// brokenPair says which promise is broken for the first location for which one is, or "".
func (s *session) brokenPair(all []pair, done *outcome) string {
	broken, samples := make([]string, len(all)), s.versions.Samples()
	parallel.Each(len(all), func() func(int) {
		return func(i int) {
			switch p := all[i]; {
			case p.misread || p.same:
			case p.after.Context == nil:
				broken[i] = "the location is gone"
			default:
				changes, named := done.changes(p.before.model, p.before.Context, s.before.keys(), s.versions.Min)
				broken[i] = s.compare(samples, p, named, changes)
			}
		}
	})
	for i, what := range broken {
		if what != "" {
			return fmt.Sprintf("%s: %s", place(all[i].before.Context), what)
		}
	}
	return ""
}

// compare checks the promises for one location, on every version judged for: a
// handshake that passed passes; where no fix names it, everything is as it was;
// where one does, what plain requests see changes only as its message says.
func (s *session) compare(samples []parser.Version, p pair, named bool, changes []string) string {
	settled := false // it is the same on every version of nginx
	for _, v := range samples {
		if settled && v.Dialect == parser.Nginx {
			continue
		}
		settled = v.Dialect == parser.Nginx
		for _, kind := range []model.Kind{model.WebSocket, model.Plain} {
			old, patched := p.before.model.Request(p.before.Context, kind, v), p.after.model.Request(p.after.Context, kind, v)
			settled = settled && old.OnAnyVersion() && patched.OnAnyVersion()
			if kind == model.WebSocket && old.Handshake().Likely == model.Passes && patched.Handshake().Likely != model.Passes {
				return fmt.Sprintf("a handshake that passed would not: %s", patched.Handshake().Reason)
			}
			expect := changes
			if named && kind == model.WebSocket {
				expect = append(slices.Clone(changes), "Upgrade", "Connection")
			}
			if what := differs(old, patched, expect); what != "" {
				return fmt.Sprintf("%s would change, and no fix says so", what)
			}
		}
	}
	return ""
}

// differs returns what two requests differ in beside what is expected to.
func differs(old, patched model.Request, expected []string) string {
	if old.Sends(patched) {
		return ""
	}
	a, b := old.Aspects(), patched.Aspects()
	for name, value := range a {
		if b[name] != value && !slices.Contains(expected, name) {
			return name
		}
	}
	for name := range b {
		if _, was := a[name]; !was && !slices.Contains(expected, name) {
			return name
		}
	}
	return ""
}

// misread returns the contexts in which a semicolon is missing.
func (w *workspace) misread() map[string]bool {
	all := make(map[string]bool)
	for _, cfg := range w.configs {
		if !slices.ContainsFunc(cfg.Files, func(f *parser.File) bool { return len(f.Unterminated) > 0 }) {
			continue
		}
		cfg.Root.Walk(func(c *parser.Context) bool {
			if c.Misread() {
				all[w.keys().of(c)] = true
			}
			return true
		})
	}
	return all
}

// newProblem returns something that nginx would refuse in the patched tree and
// would not have in the old one.
func newProblem(before, after *workspace, v parser.Versions) string {
	old := make(map[string]int)
	for _, cfg := range before.configs {
		for _, p := range cfg.Problems(v) {
			old[p.Message]++
		}
	}
	misread, keys := before.misread(), after.keys()
	for _, cfg := range after.configs {
		for _, p := range cfg.Problems(v) {
			if p.Context != nil && misread[keys.of(p.Context)] {
				continue // it was there, and a missing semicolon hid it
			}
			if old[p.Message]--; old[p.Message] < 0 {
				return strings.TrimSpace(fmt.Sprintf("nginx would refuse the patched text: %s", p.Message))
			}
		}
	}
	return ""
}
