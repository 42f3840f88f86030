package lint

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/gonginxcheck"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// contextKeys give contexts names that stand through edits: the words of the
// blocks around, each with its number among those of the same words.
type contextKeys map[*parser.Context]string

func (k contextKeys) of(c *parser.Context) string { return k[c] }

// keys names every context of the workspace, once.
func (w *workspace) keys() contextKeys {
	if w.named == nil {
		w.named = w.nameContexts()
		for _, r := range w.rendered {
			for _, v := range r.variants {
				maps.Copy(w.named, v.keys())
			}
		}
	}
	return w.named
}

func (w *workspace) nameContexts() contextKeys {
	k := make(contextKeys)
	for i, cfg := range w.configs {
		k[cfg.Root] = w.label + w.loads[i].key()
		cfg.Root.Walk(func(c *parser.Context) bool {
			seen := make(map[string]int)
			for _, child := range c.Children {
				name := child.Name
				if child.Opener != nil {
					for _, p := range child.Opener.Params() {
						name += " " + p.Value()
					}
				}
				seen[name]++
				k[child] = k[c] + "/" + name + "#" + strconv.Itoa(seen[name])
			}
			return true
		})
	}
	return k
}

// violation compares the patched tree with the old one, context by context, and
// returns which promise is broken, or "".
func (s *session) violation(done *outcome) string {
	if len(done.texts) == 0 {
		return ""
	}
	if broken := s.brokenRendering(done); broken != "" {
		return broken
	}
	old, patched := s.before.subjects(), done.after.subjects()
	for _, key := range old.order {
		before, after := old.byKey[key], patched.byKey[key]
		if before.Misread() || len(before.Opener.Span().File.Errs) > 0 {
			continue // what it sent was not what its text says, or nothing: nginx refuses the file
		}
		if !done.after.loaded[before.load] {
			continue // it was read alone, and is included now
		}
		if after.Context == nil {
			return fmt.Sprintf("%s: the location is gone", place(before.Context))
		}
		changes, named := done.changes(before.model, before.Context, old.keys, s.versions.Min)
		if broken := s.compare(before, after, named, changes); broken != "" {
			return fmt.Sprintf("%s: %s", place(before.Context), broken)
		}
	}
	if change := s.subrequestChange(old, patched); change != "" {
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
	for file := range done.texts {
		after, err := done.after.files.Read(file.Name)
		if err != nil {
			return fmt.Sprintf("%s: the patched text cannot be read: %v", path.Base(file.Name), err)
		}
		reason := ""
		if done.after.known[after] {
			reason = otherObjects(file, after)
		}
		if reason == "" && !file.Foreign() {
			reason = gonginxcheck.Contradicts(file, after)
		}
		if reason != "" {
			return fmt.Sprintf("%s: %s", path.Base(file.Name), reason)
		}
	}
	return ""
}

// place is where a context begins, as reasons name it: by the name that the file has in
// its directory. A name in the file system is not one that the user knows.
func place(c *parser.Context) string {
	s := c.Opener.Span()
	return fmt.Sprintf("%s:%d", path.Base(s.File.Name), s.File.Position(s.Start).Line)
}

// subjects are the locations of a workspace, whose requests are compared.
type subjects struct {
	keys  contextKeys
	order []string
	byKey map[string]subject
}

// A subject is a location with the model of its configuration.
type subject struct {
	*parser.Context
	model *model.Model
	load  string // its key
}

func (w *workspace) subjects() subjects {
	keys := w.keys()
	s := subjects{keys: keys, byKey: make(map[string]subject)}
	for i, cfg := range w.configs {
		if w.isRendered(i) {
			continue // its renderings are compared by themselves
		}
		cfg.Root.Walk(func(c *parser.Context) bool {
			if c.IsLocation() && c.Opener != nil {
				s.order = append(s.order, keys.of(c))
				s.byKey[keys.of(c)] = subject{c, cfg, w.loads[i].key()}
			}
			return true
		})
	}
	return s
}

// compare checks the promises for one location, on every version judged for: a
// handshake that passed passes; where no fix names it, everything is as it was;
// where one does, what plain requests see changes only as its message says.
func (s *session) compare(before, after subject, named bool, changes []string) string {
	for _, v := range s.versions.Samples() {
		for _, kind := range []model.Kind{model.WebSocket, model.Plain} {
			old, patched := before.model.Request(before.Context, kind, v), after.model.Request(after.Context, kind, v)
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
	for c, key := range w.keys() {
		if c.Misread() {
			all[key] = true
		}
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
