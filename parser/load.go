package parser

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

// Options say how a configuration is loaded. The zero value is valid.
type Options struct {
	Files    *Files   // the store that reads files; nil for a new one
	Context  string   // for a fragment: the context it is included in; "" to guess
	Prefixes []string // absolute directories that stand for the tree itself, besides the standard ones
	Roots    []string // directories in which files may be read; empty for all
	Siblings []string // more fragments of the same level, read after the first as one tree
	Enabled  string   // a file of sites-available or the like that is read as if a link enabled it; "" for none
	Globals  *File    // the directives of nginx -g, which come before those of a main file; nil for none
	Complete bool     // the file system has all files that nginx read: a pattern without a match there matches nothing

	// Root is a directory that stands for / where nginx runs: absolute includes are
	// resolved below it and nowhere else. Links in it lead to files elsewhere. "" for
	// a tree that lies at another place than where nginx reads it.
	Root    string
	Unknown func(pattern string) bool // below Root: what is there is not, or not completely, known
}

// A Config is a main file, or a fragment, with everything that it includes.
type Config struct {
	Name     string     // of the file it was loaded from
	Root     *Context   // main
	Fragment bool       // no main file includes it: what it lacks may be defined elsewhere
	Level    *Context   // the context of the file itself: Root, or what a fragment implies
	Files    []*File    // each once, in the order in which they are read
	Includes []*Include // every include directive that was followed, in order

	size      uint32 // how many contexts there are
	http2     bool   // some listen has the parameter http2
	twins     bool   // two upstreams have one name
	snippets  map[*File]*Directive
	strange   []*Context // see Strange
	combined  *Directive // the first location with several names
	tops      []*File    // the file itself and its siblings
	seen      map[*File]bool
	upstreams map[string]*Context
	variables map[string]*Definition

	zonesOnce  sync.Once
	zones      map[string]bool // see declaredZones
	placesOnce sync.Once
	places     places
}

// Snippet returns the first include of a file in a server, a location or an upstream,
// or nil.
func (cfg *Config) Snippet(f *File) *Directive { return cfg.snippets[f] }

// Strange returns the levels that have directives which are not in nginx's table.
func (cfg *Config) Strange() []*Context { return cfg.strange }

// Combined returns the first location with several names, or nil.
func (cfg *Config) Combined() *Directive { return cfg.combined }

// Size returns the number of contexts.
func (cfg *Config) Size() int { return int(cfg.size) }

// An Include is one include directive in one context.
type Include struct {
	Directive *Directive
	Tag       bool     // it is a tag of a template instead, which may stand for any directives
	From      *Include // the include that included the directive's file, or nil
	Included
}

// Included is the result of an include, which is the same wherever the include is.
type Included struct {
	Files    []*File // in order
	Problem  string  // what was wrong, in nginx's words if nginx would complain
	Missing  bool    // something that it names was not read
	Denied   bool    // it exists, but cannot be read
	Glob     bool    // it has a pattern: nginx accepts that nothing matches
	Harmless bool    // not read, but known not to affect proxying
	Assumed  bool    // not found: its content is taken to be that of the file which a package installs
}

// Limits for includes that multiply. Every followed include is in the text, so an
// ordinary tree follows about as many as its text has room for. A bomb follows far
// more.
const (
	maxIncludeDepth = 64
	maxNesting      = 100         // nested blocks
	maxNames        = 1000        // of one location
	maxGlobbing     = 200_000_000 // steps of matching patterns with file names
	freeIncludes    = 10_000      // and one for every ten bytes read
	freeDirectives  = 1_000_000   // and two for every byte read
	blockDirectives = 10          // the number of directives that a block counts as
)

const multiply = "the includes multiply without end; gave up"

// Load reads a configuration and everything that it includes. If the file is not a
// main file (without events, http or the like at top level), it is a fragment and is
// read in the context that opt.Context names or its directives imply. The error is
// about the file itself. Errors of includes are in Config.Includes, and errors inside
// a file in its Errs.
func Load(fsys fs.FS, name string, opt Options) (*Config, error) {
	if opt.Files == nil {
		opt.Files = NewFiles(fsys)
	}
	f, err := opt.Files.Read(name)
	if err != nil {
		return nil, err
	}
	level := opt.Context
	if level == "" {
		level = GuessContext(f)
	}
	cfg := newConfig(f.Name, level)
	b := builder{cfg: cfg, opt: opt, dir: path.Dir(name), included: make(map[string]Included)}
	if g := opt.Globals; g != nil {
		cfg.seen[g] = true // it is no file that nginx opens
		b.add(cfg.Root, g.Root, nil)
	}
	b.fill(cfg.Level, f)
	for _, name := range opt.Siblings {
		f, err := opt.Files.Read(name)
		if err != nil {
			return nil, err
		}
		b.fill(cfg.Level, f)
	}
	b.complete(cfg.Level)
	if b.stopped != "" {
		return nil, &fs.PathError{Op: "load", Path: name, Err: errors.New(b.stopped)}
	}
	return cfg, nil
}

// newConfig returns a configuration that has only the levels implied around a file of
// a level.
func newConfig(name, level string) *Config {
	cfg := &Config{
		Name: name, Fragment: level != "main", seen: make(map[*File]bool), snippets: make(map[*File]*Directive),
		upstreams: make(map[string]*Context), variables: make(map[string]*Definition),
	}
	cfg.Root = &Context{Name: "main", Config: cfg}
	cfg.Level, cfg.size = cfg.Root, 1
	for _, name := range impliedLevels[level] {
		child := &Context{Name: name, Parent: cfg.Level, Config: cfg, number: cfg.size}
		cfg.size++
		cfg.Level.Children = append(cfg.Level.Children, child)
		cfg.Level = child
	}
	return cfg
}

// impliedLevels are the levels around a fragment, from below main.
var impliedLevels = map[string][]string{
	"main":     nil,
	"http":     {"http"},
	"server":   {"http", "server"},
	"location": {"http", "server", "location"},
	"upstream": {"http", "upstream"},
	"stream":   {"stream"},
}

// builder makes the contexts of one Config.
type builder struct {
	roles      map[string][]string // see inRoles
	cfg        *Config
	opt        Options
	dir        string              // of the main file: nginx's conf prefix
	included   map[string]Included // by the text of an include
	chain      []*File
	bytes      int // of all files, each once
	includes   int
	directives int
	nesting    int
	stopped    string // why reading was stopped

	contexts chunk[Context]
	globbing int // steps of matching patterns with names
}

// fill adds a file's top level to a context.
func (b *builder) fill(c *Context, f *File) {
	b.cfg.tops = append(b.cfg.tops, f)
	b.chain = append(b.chain, f)
	b.add(c, f.Root, nil)
	b.chain = b.chain[:len(b.chain)-1]
}

// add appends the directives of a block to a context, follows its includes and opens
// a context for each block in it.
func (b *builder) add(c *Context, block *Block, from *Include) {
	cfg := b.cfg
	if f := block.Span.File; block.Opener == nil && !cfg.seen[f] && !f.Assumed {
		cfg.seen[f] = true
		cfg.Files = append(cfg.Files, f)
		b.bytes += len(f.Src)
	}
	if b.directives += len(block.Directives); b.directives > freeDirectives+2*b.bytes || b.includes > freeIncludes+b.bytes/10 {
		b.stopped = multiply
	}
	// Most blocks have no include. The context then shares their list, and appending
	// to it later makes a copy, because it has no spare capacity.
	shared := c.Directives == nil
	if shared {
		c.Directives = block.Directives[:len(block.Directives):len(block.Directives)]
	}
	c.names |= block.names
	c.defines, c.strange = c.defines || block.defines, c.strange || block.strange
	b.cfg.http2 = b.cfg.http2 || block.http2
	if block.swallows && c.unread == nil {
		c.unread = swallowed(block)
	}
	if m := block.Span.File.masked; m != nil {
		b.stand(c, block, m)
	}
	if !shared && !block.includes {
		c.Directives = append(c.Directives, block.Directives...)
	}
	for i, d := range block.Directives {
		if b.stopped != "" {
			return
		}
		if b.directives > freeDirectives+2*b.bytes { // of blocks
			b.stopped = multiply
			return
		}
		if !shared && block.includes {
			c.Directives = append(c.Directives, d)
		}
		switch {
		case d.Block != nil:
			b.open(c, d, from)
		case block.includes && d.Name() == "include" && d.ParamCount() > 0:
			included := b.expand(d.Param(0))
			if shared { // the included directives go between this one and the next
				own := make([]*Directive, i+1, len(block.Directives)+included.directives())
				copy(own, block.Directives)
				c.Directives, shared = own, false
			}
			b.include(c, d, from, included)
		}
	}
}

// swallowed represents the lines of a block that a directive without a semicolon has
// swallowed: like an include that could not be read, they may contain any setting.
func swallowed(block *Block) *Include {
	for _, u := range block.Span.File.Unterminated {
		if u.Directive.In == block {
			return &Include{Directive: u.Directive, Included: Included{Missing: true, Problem: semicolonMissing}}
		}
	}
	return nil
}

// Unreadable says what could not be read.
func (inc *Include) Unreadable() string {
	switch {
	case inc.Problem == semicolonMissing:
		return semicolonMissing
	case inc.Tag:
		return "a tag of the template may stand for any directives"
	}
	return inc.Directive.Param(0) + " could not be read"
}

const semicolonMissing = "a semicolon is missing"

// directives returns the least number of directives that an include adds.
func (b *Included) directives() int {
	n := 0
	for _, f := range b.Files {
		n += len(f.Root.Directives)
	}
	return n
}

// open adds the context of a block directive. A location with several names has one for
// each of them.
func (b *builder) open(c *Context, d *Directive, from *Include) {
	if d.count > 2 && d.Is("location") && d.combined() {
		if b.cfg.combined == nil {
			b.cfg.combined = d
		}
		for i := range min(d.ParamCount(), maxNames) {
			b.openOne(c, d, from, uint16(i+1))
		}
		return
	}
	b.openOne(c, d, from, 0)
}

// openOne adds a context of a block directive.
func (b *builder) openOne(c *Context, d *Directive, from *Include, nth uint16) {
	name := strings.TrimPrefix(d.Name(), "\ufeff") // nginx refuses a byte order mark, but the meaning is clear
	if c.Children == nil {
		c.Children = make([]*Context, 0, blocksFrom(d))
	}
	child := b.contexts.one()
	*child = Context{Name: name, Opener: d, Parent: c, Config: b.cfg, number: b.cfg.size, nth: nth}
	b.cfg.size++
	c.Children = append(c.Children, child)
	b.directives += blockDirectives
	if b.nesting++; b.nesting > maxNesting {
		b.stopped = fmt.Sprintf("blocks are nested more than %d deep; gave up", maxNesting)
	}
	b.add(child, d.Block, from)
	b.complete(child)
	b.nesting--
}

// blocksFrom returns how many blocks follow one, including it.
func blocksFrom(d *Directive) int {
	n := 0
	for _, other := range d.In.Directives {
		if other.Block != nil && other.end >= d.end {
			n++
		}
	}
	return n
}

// complete is called when a context has everything.
func (b *builder) complete(c *Context) {
	c.index()
	b.cfg.note(c)
	if c.strange && c.HasDirectives() {
		b.cfg.strange = append(b.cfg.strange, c)
	}
}

// include expands an include directive in place.
func (b *builder) include(c *Context, d *Directive, from *Include, included Included) {
	b.includes++
	inc := &Include{Directive: d, From: from, Included: included}
	c.Includes = append(c.Includes, inc)
	b.cfg.Includes = append(b.cfg.Includes, inc)
	files := inc.Files
	inc.Files = inc.Files[:0:0]
	for i, f := range files {
		switch {
		case slices.Contains(b.chain, f):
			inc.Problem = fmt.Sprintf("%q includes itself", d.Param(0))
			continue
		case len(b.chain) >= maxIncludeDepth:
			inc.Missing, inc.Problem = true, fmt.Sprintf("includes are nested more than %d deep", maxIncludeDepth)
			continue
		}
		if len(inc.Files) == i { // nothing was left out so far
			inc.Files = files[: i+1 : i+1]
		} else {
			inc.Files = append(inc.Files, f)
		}
		if o := d.In.Opener; o != nil && b.cfg.snippets[f] == nil && o.Is("server", "location", "upstream") {
			b.cfg.snippets[f] = d
		}
		b.chain = append(b.chain, f)
		b.add(c, f.Root, inc)
		b.chain = b.chain[:len(b.chain)-1]
	}
	if inc.Missing && !inc.Harmless && c.unread == nil {
		c.unread = inc
	}
}

// expand reads the files of an include. An include in ten thousand places has the
// same result each time.
func (b *builder) expand(value string) Included {
	if known, ok := b.included[value]; ok {
		return known
	}
	included := Included{Glob: isGlob(value), Harmless: harmless[path.Base(value)] || strings.Contains(value, "modules")}
	names := b.resolve(value, &included)
	if names == nil {
		names = b.inRoles(value, &included)
	}
	b.assume(value, &included)
	if included.Glob && b.opt.Enabled != "" && path.Base(path.Dir(value)) == EnabledDir(b.opt.Enabled) {
		names, included.Missing, included.Problem = append(names, b.opt.Enabled), false, ""
	}
	if len(names) > 1 {
		b.opt.Files.Fetch(names)
	}
	for _, name := range names {
		f, err := b.opt.Files.Read(name)
		if err != nil {
			shown := value
			if included.Glob {
				shown = path.Base(name)
			}
			included.unread(shown, err)
			continue
		}
		included.Files = append(included.Files, f)
	}
	b.included[value] = included
	return included
}

// EnabledDir returns the name of the directory in which a link enables a file
// (sites-enabled for a file of sites-available), or "".
func EnabledDir(name string) string {
	if kind, ok := strings.CutSuffix(path.Base(path.Dir(name)), "-available"); ok {
		return kind + "-enabled"
	}
	return ""
}

// ContextsOf returns the contexts that a block of text belongs to: one for a block of
// a file that is included once, more if its file is included often.
func (cfg *Config) ContextsOf(b *Block) []*Context {
	cfg.placesOnce.Do(cfg.findPlaces)
	if more := cfg.places.more[b]; more != nil {
		return more
	}
	if first := cfg.places.first[b.Span.File]; first != nil && first[b.number] != nil {
		return first[b.number : b.number+1 : b.number+1]
	}
	return nil
}

// places are the contexts of blocks. Most blocks have only one.
type places struct {
	first map[*File][]*Context // by the block's number
	more  map[*Block][]*Context
}

func (p *places) add(b *Block, c *Context) {
	first := p.first[b.Span.File]
	if first == nil {
		first = make([]*Context, b.Span.File.blocks)
		p.first[b.Span.File] = first
	}
	switch {
	case first[b.number] == nil:
		first[b.number] = c
	case p.more[b] == nil:
		p.more[b] = []*Context{first[b.number], c}
	default:
		p.more[b] = append(p.more[b], c)
	}
}

func (cfg *Config) findPlaces() {
	cfg.places = places{make(map[*File][]*Context, len(cfg.Files)), make(map[*Block][]*Context)}
	for _, f := range cfg.tops {
		cfg.places.add(f.Root, cfg.Level)
	}
	cfg.Root.Walk(func(c *Context) bool {
		if c.Opener != nil {
			cfg.places.add(c.Opener.Block, c)
		}
		for _, inc := range c.Includes {
			for _, f := range inc.Files {
				cfg.places.add(f.Root, c)
			}
		}
		return true
	})
}
