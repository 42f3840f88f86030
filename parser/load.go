package parser

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
)

// Options say how a configuration is loaded. The zero value is good.
type Options struct {
	Files    *Files   // where files are read; nil for a store of its own
	Context  string   // for a fragment: the context it is included in; "" to guess
	Prefixes []string // absolute directories that mean the tree itself, beside the usual ones
	Roots    []string // directories in which files may be read; empty for all
	Beside   []string // more fragments of the same level, read after the first as one tree
}

// A Config is a main file, or a fragment, with all that it includes.
type Config struct {
	Name     string     // of the file it was loaded from
	Root     *Context   // main
	Fragment bool       // no main file reaches it: what it lacks may be defined elsewhere
	Level    *Context   // the context that the file itself lies in: Root, or what a fragment implies
	Files    []*File    // each once, in the order of reading
	Includes []*Include // every include directive that was followed, in order

	seen      map[*File]bool
	upstreams map[string]*Context
	variables map[string]*definitions
	contexts  map[*Block][]*Context

	socketsOnce sync.Once
	sockets     map[string]*Socket

	capturesOnce sync.Once
	captures     map[string]bool

	budget      budget
	expressions expressions
	mapTables   mapTables
	serverRuns  sync.Map // serverRun -> *walk, at its end
	paths       sync.Map // *Context -> *paths
	headerSets  sync.Map // headerSet -> []Header
}

// An Include is one include directive in one context.
type Include struct {
	Directive *Directive
	From      *Include // the include that brought the directive's file, or nil
	Files     []*File  // what it brought, in order
	Problem   string   // what was wrong, in nginx's words where nginx would complain
	Missing   bool     // something it names was not read
	Denied    bool     // it is there, but may not be read
	Glob      bool     // it has a pattern: nginx takes no match for an answer
	Harmless  bool     // not read, but known not to touch what is judged here
}

// Limits against includes that multiply. Every include that is followed stands
// somewhere in the text, so a tree of honest size follows about as many as its
// text has room for; a bomb follows far more.
const (
	maxIncludeDepth = 64
	maxNesting      = 100        // blocks in blocks
	maxNames        = 20_000_000 // in directories, that patterns are held against
	freeIncludes    = 10_000     // and one for every ten bytes read
	freeDirectives  = 4_000_000  // and two for every byte read
)

// Load reads a configuration and everything it includes. Where the file is not
// a main file (it has no events, http or the like at its top), it is a fragment
// and is read in the context that opt.Context names or its directives imply.
// The error is about the file itself; what is wrong with an include is in
// Config.Includes, and what is wrong inside a file in its Errs.
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
	b := builder{cfg: cfg, opt: opt, dir: path.Dir(name)}
	b.fill(cfg.Level, f)
	for _, name := range opt.Beside {
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
	cfg.budget.all = freeSteps + stepsPerByte*int64(b.bytes)
	return cfg, nil
}

// newConfig returns a configuration with nothing in it but the levels that are
// implied around a file of a level.
func newConfig(name, level string) *Config {
	cfg := &Config{
		Name: name, Fragment: level != "main", seen: make(map[*File]bool),
		upstreams: make(map[string]*Context), variables: make(map[string]*definitions),
		contexts: make(map[*Block][]*Context),
	}
	cfg.Root = &Context{Name: "main", Config: cfg}
	cfg.Level = cfg.Root
	for _, name := range impliedLevels[level] {
		child := &Context{Name: name, Parent: cfg.Level, Config: cfg}
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
	cfg        *Config
	opt        Options
	dir        string // of the main file: nginx's conf prefix
	chain      []*File
	bytes      int // of all files, each once
	includes   int
	directives int
	nesting    int
	stopped    string // why reading was given up

	listed map[string][]fs.DirEntry // directories, once read
	names  int                      // in them, that patterns were held against
}

// fill puts what stands at a file's top into a context.
func (b *builder) fill(c *Context, f *File) {
	b.chain = append(b.chain, f)
	b.add(c, f.Root, nil)
	b.chain = b.chain[:len(b.chain)-1]
}

// add appends the directives of a block to a context, follows its includes and
// opens a context for each block in it.
func (b *builder) add(c *Context, block *Block, from *Include) {
	cfg := b.cfg
	if f := block.Span.File; !cfg.seen[f] {
		cfg.seen[f] = true
		cfg.Files = append(cfg.Files, f)
		b.bytes += len(f.Src)
	}
	cfg.contexts[block] = append(cfg.contexts[block], c)
	if b.directives += len(block.Directives); b.directives > freeDirectives+2*b.bytes || b.includes > freeIncludes+b.bytes/10 {
		b.stopped = "the includes multiply beyond all measure; given up"
	}
	for _, d := range block.Directives {
		if b.stopped != "" {
			return
		}
		c.Directives = append(c.Directives, d)
		switch {
		case d.Name.Value == "include" && d.Block == nil && len(d.Params) > 0:
			b.include(c, d, from)
		case d.Block != nil:
			b.open(c, d, from)
		}
	}
}

// open adds the context of a block directive.
func (b *builder) open(c *Context, d *Directive, from *Include) {
	name := strings.TrimPrefix(d.Name.Value, "\ufeff") // nginx refuses a byte order mark; what it meant is plain
	child := &Context{Name: name, Opener: d, Parent: c, Config: b.cfg}
	c.Children = append(c.Children, child)
	if b.nesting++; b.nesting > maxNesting {
		b.stopped = fmt.Sprintf("blocks are nested more than %d deep; given up", maxNesting)
	}
	b.add(child, d.Block, from)
	b.complete(child)
	b.nesting--
}

// complete is called when a context has everything.
func (b *builder) complete(c *Context) {
	c.index()
	b.cfg.note(c)
}

// include expands an include directive in place.
func (b *builder) include(c *Context, d *Directive, from *Include) {
	b.includes++
	inc := &Include{Directive: d, From: from, Glob: isGlob(d.Param(0))}
	c.Includes = append(c.Includes, inc)
	b.cfg.Includes = append(b.cfg.Includes, inc)
	for _, name := range b.resolve(inc) {
		f, err := b.opt.Files.Read(name)
		switch {
		case err != nil:
			inc.Missing, inc.Problem = true, readProblem(d.Param(0), err)
			inc.Denied = errors.Is(err, fs.ErrPermission)
			continue
		case b.reading(f):
			inc.Problem = fmt.Sprintf("%q includes itself", d.Param(0))
			continue
		case len(b.chain) >= maxIncludeDepth:
			inc.Missing, inc.Problem = true, fmt.Sprintf("includes are nested more than %d deep", maxIncludeDepth)
			continue
		}
		inc.Files = append(inc.Files, f)
		b.chain = append(b.chain, f)
		b.add(c, f.Root, inc)
		b.chain = b.chain[:len(b.chain)-1]
	}
}

func (b *builder) reading(f *File) bool {
	for _, g := range b.chain {
		if f == g {
			return true
		}
	}
	return false
}

// ContextsOf returns the contexts that a block of text lies in: one for a
// block of a file that is read once, more where its file is included often.
func (cfg *Config) ContextsOf(b *Block) []*Context { return cfg.contexts[b] }
