package lint

import (
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/deploy"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A workspace is the configurations that the given paths lead to. Reading it again
// with other file contents gives the same configurations with the new text.
type workspace struct {
	opt     Options
	policy  *policy
	files   *parser.Files
	roots   []string        // directories in which files can be read and edited
	above   []string        // directories of main files above them, in which files can be read
	targets map[string]bool // the named files; nil: all files that were found
	linked  map[string]bool // the files of a directory that a main file above it includes; nil: no such directory
	loads   []load
	loaded  map[string]bool // by the name of a load
	configs []*model.Model
	models  map[*parser.Config]*model.Model // of the configurations
	budget  *model.Budget                   // of checking, shared by all rounds
	notes   []Note
	noted   map[Note]bool // see note
	reached map[*parser.File]bool
	mains   map[string][]string // by directory: see mainsAbove
	asked   []*parser.Context   // see Options.Asked
	all     []*parser.File      // see allFiles
	named   *contextKeys        // see keys

	rendered   []rendered                // of the configurations with templates, in their order
	renderings map[string][]*parser.File // of the templates with comments for us, by name
	label      string                    // of a rendering, for keys

	overlay    *deploy.Overlay              // opt.FS with the file systems of the deployed
	evidence   []string                     // the Compose files and Dockerfiles that were found
	near       []string                     // directories in which what the evidence names can be read
	deployed   []*deployed                  // what the evidence describes
	deployedAs map[*parser.Config]*deployed // by the configuration that it reads

	manifests []*kube.Manifest      // of Kubernetes
	known     map[*parser.File]bool // the files of the manifests
	neighbours
	passed     []PassedOver // files that are not checked
	foreigners int          // named files that are not nginx configuration
}

// A load says how one configuration is read.
type load struct {
	name     string
	siblings []string
	enabled  string         // read as if a link enabled it
	deployed *deployed      // read as this nginx reads it
	cfg      *parser.Config // as it was read to find out whether it is needed, or nil
}

// key names a load.
func (l load) key() string { return l.name + l.enabled }

// context returns the context that a file is read in.
func (w *workspace) context(name string) string {
	f, err := w.files.Read(name)
	if err != nil {
		return ""
	}
	guess := parser.GuessContext(f)
	if said := w.policy.context(w.opt, name, f.Name); guess != "main" && said != "" {
		return said
	}
	return guess
}

func (w *workspace) options() parser.Options {
	return parser.Options{Files: w.files, Prefixes: w.opt.Prefixes, Roots: w.readable(), Complete: w.opt.Complete}
}

// readable returns the directories in which includes may be read: the given ones, and
// the directories around given files, up to the main file or five levels, and the roles
// of a playbook. Standard prefixes of nginx are readable if the tree is installed there.
func (w *workspace) readable() []string {
	roots := append(append([]string{}, w.roots...), w.above...)
	for _, root := range w.roots {
		if parent := path.Dir(root); usualDirectory(path.Base(root)) && !w.isRepository(root) {
			roots = append(roots, parent)
		}
	}
	for name := range w.targets {
		roots = append(roots, path.Dir(name))
		if dir := parser.RolesDir(name); dir != "" {
			roots = append(roots, dir)
		}
		if mains := w.mainsAbove(path.Dir(name)); len(mains) > 0 {
			roots = append(roots, path.Dir(mains[len(mains)-1]))
		} else if parent := path.Dir(path.Dir(name)); usualDirectory(path.Base(path.Dir(name))) {
			roots = append(roots, parent)
		}
	}
	for _, root := range roots {
		for _, prefix := range parser.UsualPrefixes {
			if prefix = prefix[1:]; root == prefix || strings.HasPrefix(root, prefix+"/") {
				roots = append(roots, prefix)
			}
		}
	}
	return roots
}

// isRepository reports whether a directory is the root of a repository.
func (w *workspace) isRepository(dir string) bool {
	_, err := w.files.Lstat(path.Join(dir, ".git"))
	return err == nil
}

// add adds a configuration.
func (w *workspace) add(cfg *parser.Config) {
	m := model.New(cfg, w.budget)
	if w.models == nil {
		w.models = make(map[*parser.Config]*model.Model)
	}
	w.configs, w.models[m.Config] = append(w.configs, m), m
}

// modelOf returns the model of the configuration that a context is part of.
func (w *workspace) modelOf(c *parser.Context) *model.Model { return w.models[c.Config] }

// load reads one configuration and remembers how.
func (w *workspace) load(l load) error {
	if l.deployed == nil && w.isReached(l.name) && len(l.siblings) == 0 && !w.isMain(l.name) {
		return nil
	}
	if w.loaded[l.key()] {
		return nil
	}
	cfg, err := l.cfg, error(nil)
	if cfg == nil {
		cfg, err = w.read(l)
	}
	if err != nil {
		return &PathError{l.name, reason(err)}
	}
	l.cfg = nil // with reads it again with other contents.
	w.loads, w.loaded[l.key()] = append(w.loads, l), true
	w.add(cfg)
	if l.deployed != nil {
		if w.deployedAs == nil {
			w.deployedAs = make(map[*parser.Config]*deployed)
		}
		w.deployedAs[cfg] = l.deployed
	}
	for _, f := range cfg.Files {
		w.reached[f] = true
	}
	return nil
}

func (w *workspace) isReached(name string) bool {
	f, err := w.files.Read(name)
	return err == nil && w.reached[f]
}

func (w *workspace) isMain(name string) bool { return w.context(name) == "main" }

func (w *workspace) read(l load) (*parser.Config, error) {
	level := ""
	if l.deployed == nil && !w.isMain(l.name) {
		level = w.context(l.name)
	}
	return w.readAs(l, level)
}

// with reads the same configurations with other contents for some files.
func (w *workspace) with(contents map[*parser.File][]byte) (*workspace, error) {
	n := *w
	n.files = w.files.With(contents)
	n.configs, n.models, n.all, n.named, n.rendered, n.deployedAs = nil, nil, nil, nil, nil, nil
	n.reached, n.loaded, n.loads = make(map[*parser.File]bool), make(map[string]bool), nil
	for _, l := range w.loads {
		if err := n.load(l); err != nil {
			return nil, err
		}
	}
	if err := n.reread(w.manifests); err != nil {
		return nil, err
	}
	n.ask()
	return &n, n.render()
}

// judged reports whether findings in a file are wanted and possible.
func (w *workspace) judged(f *parser.File) bool {
	if f.Template() || f.Assumed || f.Provided || w.policy.leavesOut(f) {
		return false
	}
	if w.targets == nil && w.linked == nil || w.targets[f.Name] || w.linked[f.Name] {
		return true
	}
	return w.inRoots(f.Name)
}

// concernsNamed reports whether a finding about a location lies in a location or
// server that includes a named file. The effect of a fragment with proxy settings is
// visible in the blocks that include it: a header that it loses is missing there.
func (w *workspace) concernsNamed(f rules.Finding) bool {
	if file := f.Span.File; f.Intent == nil || file.Template() || file.Assumed || file.Provided || w.policy.leavesOut(file) {
		return false
	}
	for c := f.Context; c != nil && c.Name != "http"; c = c.Parent {
		for _, inc := range c.Includes {
			if slices.ContainsFunc(inc.Files, func(file *parser.File) bool { return w.targets[file.Name] && setsProxying(file) }) {
				return true
			}
		}
	}
	return false
}

// setsProxying reports whether a file only says how requests are proxied, not where:
// it has no servers.
func setsProxying(f *parser.File) bool {
	sets := false
	for _, d := range f.Root.Directives {
		if d.Block != nil && d.Is("server", "http") {
			return false
		}
		sets = sets || strings.HasPrefix(d.Name(), "proxy_")
	}
	return sets
}

// editable reports whether a file may be changed: it was named or lies below a named
// directory.
func (w *workspace) editable(f *parser.File) bool {
	return w.judged(f) && (w.targets[f.Name] || w.linked[f.Name] || w.inRoots(f.Name))
}

func (w *workspace) inRoots(name string) bool {
	for _, root := range w.roots {
		if root == "." || strings.HasPrefix(name, root+"/") {
			return true
		}
	}
	return false
}
