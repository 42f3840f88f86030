package deploy

import (
	"path"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/glob"
)

// An ignored says which files a .dockerignore keeps out of a build. The last pattern that
// matches a file, or a directory above it, decides.
type ignored struct {
	context  string
	set      *glob.Set
	included []bool // by pattern: it begins with "!"
	again    bool   // any does
	budget   *glob.Budget
}

// The limits of a .dockerignore.
const (
	maxPatterns    = 1_000
	maxIgnoreSteps = 10_000_000
)

// ignoredBy reads the .dockerignore of a build: that of the Dockerfile itself, or else
// that of the context. It is nil if there is none.
func (r *reader) ignoredBy(dockerfile, context string) *ignored {
	text, ok := r.text(dockerfile + ".dockerignore")
	if !ok {
		text, ok = r.text(path.Join(context, ".dockerignore"))
	}
	if !ok {
		return nil
	}
	g := &ignored{context: context, budget: glob.NewBudget(maxIgnoreSteps)}
	var patterns []glob.Pattern
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' || len(patterns) == maxPatterns {
			continue
		}
		line, included := strings.CutPrefix(line, "!")
		p, err := glob.Parse("/" + strings.TrimSpace(line))
		if err != nil {
			continue
		}
		patterns, g.included, g.again = append(patterns, p), append(g.included, included), g.again || included
	}
	g.set = glob.NewSet(patterns)
	return g
}

// keepsOut reports whether an entry of the repository is not part of the build. A
// directory is, if something in it may be.
func (g *ignored) keepsOut(name string, dir bool) bool {
	if g == nil || dir && g.again {
		return false
	}
	if g.context != "." {
		name = strings.TrimPrefix(name, g.context+"/")
	}
	found := g.set.Match(name, g.budget)
	return len(found) > 0 && !g.included[found[len(found)-1]]
}
