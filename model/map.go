package model

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// mapped evaluates a map: strings first, ignoring case, then the regular expressions
// in order, then default, then the empty string.
func (r *evaluator) mapped(v *parser.Variable) Value {
	r.maps++
	source := r.expand(v.Directive.Param(0))
	t := r.model.mapTable(v.Map)
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
	d, ok := t.match(r.model, source.Text)
	if !ok {
		return symbol
	}
	return r.expand(d.Param(0))
}

// A mapTable is the parsed body of a map.
type mapTable struct {
	text        string                       // its text, to compare
	words       map[string]*parser.Directive // by the value in lower case; the first entry of each
	hostnames   bool                         // it has hostnames with wildcards
	expressions []*parser.Directive          // in order
	fallback    *parser.Directive            // default, or an empty directive
	found       map[string]*parser.Directive // cached results of the expressions
}

// mapTables are the maps of a configuration.
type mapTables struct {
	mu  sync.Mutex
	all map[*parser.Context]*mapTable
}

// mapTable parses a map's body.
func (m *Model) mapTable(c *parser.Context) *mapTable {
	all := &m.mapTables
	all.mu.Lock()
	defer all.mu.Unlock()
	if t := all.all[c]; t != nil {
		return t
	}
	t := &mapTable{text: parser.MapText(c), words: make(map[string]*parser.Directive), fallback: &parser.Directive{}, found: make(map[string]*parser.Directive)}
	if len(t.text) > maxValue {
		t.text = fmt.Sprintf("long(%x)", sha256.Sum256([]byte(t.text)))
	}
	hostnames := c.First("hostnames") != nil
	for _, d := range c.Directives {
		if d.Block == nil && d.ParamCount() == 1 {
			t.add(d, hostnames)
		}
	}
	if all.all == nil {
		all.all = make(map[*parser.Context]*mapTable)
	}
	all.all[c] = t
	return t
}

func (t *mapTable) add(d *parser.Directive, hostnames bool) {
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

// match returns the directive of the first expression that matches, or the default.
// It reports false if an expression cannot be run.
func (t *mapTable) match(m *Model, text string) (d *parser.Directive, ok bool) {
	m.mapTables.mu.Lock()
	defer m.mapTables.mu.Unlock()
	if d := t.found[text]; d != nil {
		return d, true
	}
	found := t.fallback
	for _, d := range t.expressions {
		matched, ok := m.matches(d.Name()[1:], text)
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
