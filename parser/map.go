package parser

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"
)

// mapped evaluates a map: strings first, case not minded, then the regular
// expressions in their order, then default, then nothing.
func (r *run) mapped(v *Variable) Value {
	r.maps++
	source := r.expand(v.Directive.Param(0))
	t := r.cfg.mapTable(v.Map)
	symbol := symbolic("map(" + source.Text + "){" + t.text + "}")
	if !source.Known || v.Map.Unread() != nil {
		return symbol
	}
	if d := t.words[strings.ToLower(source.Text)]; d != nil {
		return r.expand(d.Param(0))
	}
	if t.hostnames {
		return symbol
	}
	d, ok := t.match(r.cfg, source.Text)
	if !ok {
		return symbol
	}
	return r.expand(d.Param(0))
}

// A mapTable is a map's body, read once.
type mapTable struct {
	text        string                // what it says, for comparing
	words       map[string]*Directive // by the value in lower case; the first of each
	hostnames   bool                  // there are hostnames with wildcards
	expressions []*Directive          // in order
	fallback    *Directive            // default, or an empty directive
	found       map[string]*Directive // by what was asked of the expressions
}

// mapTables are the maps of a configuration.
type mapTables struct {
	mu  sync.Mutex
	all map[*Context]*mapTable
}

// mapTable reads a map's body.
func (cfg *Config) mapTable(c *Context) *mapTable {
	m := &cfg.mapTables
	m.mu.Lock()
	defer m.mu.Unlock()
	if t := m.all[c]; t != nil {
		return t
	}
	t := &mapTable{text: MapText(c), words: make(map[string]*Directive), fallback: &Directive{}, found: make(map[string]*Directive)}
	if len(t.text) > maxValue {
		t.text = fmt.Sprintf("long(%x)", sha256.Sum256([]byte(t.text)))
	}
	hostnames := c.First("hostnames") != nil
	for _, d := range c.Directives {
		if d.Block == nil && d.ParamCount() == 1 {
			t.add(d, hostnames)
		}
	}
	if m.all == nil {
		m.all = make(map[*Context]*mapTable)
	}
	m.all[c] = t
	return t
}

func (t *mapTable) add(d *Directive, hostnames bool) {
	switch key := d.Name(); {
	case key == "default" && !strings.HasPrefix(d.NameWord().Text(), `\`):
		t.fallback = d
	case key == "include":
	case strings.HasPrefix(key, "~"):
		t.expressions = append(t.expressions, d)
	case hostnames && strings.ContainsAny(key, "*."):
		t.hostnames = true
	default:
		if key = strings.ToLower(strings.TrimPrefix(key, `\`)); t.words[key] == nil && !t.hostnames {
			t.words[key] = d
		}
	}
}

// match returns the directive of the first expression that matches, or the
// default; it reports false where one cannot be run.
func (t *mapTable) match(cfg *Config, text string) (d *Directive, ok bool) {
	cfg.mapTables.mu.Lock()
	defer cfg.mapTables.mu.Unlock()
	if d := t.found[text]; d != nil {
		return d, true
	}
	found := t.fallback
	for _, d := range t.expressions {
		matched, ok := cfg.matches(d.Name()[1:], text)
		if !ok {
			return nil, false
		}
		if matched {
			found = d
			break
		}
	}
	if len(t.found) < maxMatches {
		t.found[text] = found
	}
	return found, true
}

// MapText is a map's body in one line, for comparing.
func MapText(c *Context) string {
	var b strings.Builder
	for _, d := range c.Directives {
		b.WriteString(d.Name())
		for i := range d.ParamCount() {
			b.WriteString(" " + d.Param(i))
		}
		b.WriteString(";")
	}
	return b.String()
}
