package lint

import (
	"strconv"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// contextKeys give contexts names that stand through edits: the words of the blocks
// around, each with its number among those of the same words. A name is made when it is
// asked for. It may be asked for on all cores.
type contextKeys struct {
	mu    sync.Mutex
	names map[*parser.Context]string
}

// of returns the name of a context of the workspace; "" for nil.
func (k *contextKeys) of(c *parser.Context) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.name(c)
}

func (k *contextKeys) name(c *parser.Context) string {
	if c == nil || c.Parent == nil {
		return k.names[c] // of a root
	}
	if name, known := k.names[c]; known {
		return name
	}
	around := k.name(c.Parent)
	seen := make(map[string]int)
	for _, child := range c.Parent.Children {
		words := child.Name
		if child.Opener != nil {
			for _, p := range child.Opener.Params() {
				words += " " + p.Value()
			}
		}
		seen[words]++
		k.names[child] = around + "/" + words + "#" + strconv.Itoa(seen[words])
	}
	return k.names[c]
}

// keys names the contexts of the workspace and of its renderings.
func (w *workspace) keys() *contextKeys {
	if w.named == nil {
		w.named = &contextKeys{names: make(map[*parser.Context]string)}
		w.nameRoots(w.named)
	}
	return w.named
}

func (w *workspace) nameRoots(k *contextKeys) {
	for i, cfg := range w.configs {
		k.names[cfg.Root] = w.label + w.loads[i].key()
	}
	for _, r := range w.rendered {
		for _, v := range r.variants {
			v.nameRoots(k)
		}
	}
}
