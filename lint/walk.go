package lint

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// passedOver are directories in which no one keeps configuration of his own.
var passedOver = []string{".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", ".terraform", ".cache", ".direnv"}

// usualDirectory reports whether nginx's users keep nothing but configuration
// in directories of that name.
func usualDirectory(name string) bool {
	switch name {
	case "nginx", "conf.d", "http.d", "stream.d", "sites-enabled", "sites-available", "snippets", "vhosts", "vhosts.d", "vhost.d", "locations.d", "nginx.d", "includes":
		return true
	}
	return false
}

// otherEndings are the endings of files that are not nginx configuration, even
// in its directories; what ends in .j2 and the like is a template of it.
var otherEndings = []string{
	".md", ".txt", ".sh", ".py", ".rb", ".js", ".ts", ".json", ".yml", ".yaml", ".toml", ".html", ".htm", ".css", ".php", ".lua", ".pl",
	".j2", ".erb", ".tmpl", ".tpl", ".template", ".tera", ".mustache", ".epp", ".bak", ".old", ".orig", ".save", ".swp", ".log", ".gz", ".zip",
	".pem", ".crt", ".key", ".csr", ".srl", ".ico", ".png", ".svg", ".so", ".go", ".rs", ".java", ".xml", ".env", ".lock", ".mmdb", "~",
}

// walk returns the configuration files below a directory, in the order of
// names; a file with several names is returned once. Links to files are followed,
// links to directories are not. It reports whether the settings exclude any file
// or directory.
func (w *workspace) walk(dir string) (found []string, excluded bool, err error) {
	type file struct {
		name string
		link bool
	}
	var files []file
	var names []string
	realDir, err := w.files.RealPath(dir)
	if err != nil {
		return nil, false, err
	}
	err = fs.WalkDir(w.files, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if name == dir {
				return err
			}
			w.note(Note{Name: name, Message: "not read: " + reason(err), Trouble: true})
			return fs.SkipDir
		}
		out := false
		if w.policy.exclude.Len() > 0 {
			below := name
			if dir != "." {
				below = path.Join(realDir, name[len(dir):])
			}
			out = w.policy.excluded(below)
			excluded = excluded || out
		}
		if d.IsDir() {
			if out || name != dir && slices.Contains(passedOver, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if link := d.Type()&fs.ModeSymlink != 0; !out && candidateName(name) && (!link || w.linkInside(name)) {
			files = append(files, file{name, link})
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		return nil, excluded, err
	}
	w.files.Fetch(names)
	seen := make(map[*parser.File]bool, len(files))
	for _, file := range files {
		f, err := w.files.Read(file.name)
		switch {
		case err != nil:
			if !file.link || !errors.Is(err, fs.ErrNotExist) {
				w.note(Note{Name: file.name, Message: "not read: " + reason(err), Trouble: true})
			}
		case !seen[f] && looksLikeNginx(f):
			seen[f] = true
			found = append(found, file.name)
		}
	}
	return found, excluded, nil
}

// realName is a name with the links of its directory followed; a link itself
// stays one, for by its name it is meant.
func (w *workspace) realName(name string) string {
	dir, err := w.files.RealPath(path.Dir(name))
	if err != nil {
		return name
	}
	return path.Join(dir, path.Base(name))
}

// candidate reports whether a file is nginx configuration, by its name and by
// what it holds. The error says why that cannot be told.
func (w *workspace) candidate(name string) (bool, error) {
	if !candidateName(name) {
		return false, nil
	}
	f, err := w.files.Read(name)
	return err == nil && looksLikeNginx(f), err
}

// candidateName reports whether a file may be nginx configuration by its name.
func candidateName(name string) bool {
	base := path.Base(name)
	if strings.HasPrefix(base, ".") {
		return false
	}
	if strings.HasSuffix(base, ".conf") { // as nearly all are
		return true
	}
	for _, ending := range otherEndings {
		if strings.HasSuffix(base, ending) {
			return false
		}
	}
	named := strings.HasSuffix(base, ".nginx") || strings.HasSuffix(base, ".nginxconf") || strings.HasSuffix(base, ".vhost")
	return named || usualDirectory(path.Base(path.Dir(name)))
}

// linkInside reports whether a link leads to a file in the directories that
// were given. One that leads out is noted, not followed.
func (w *workspace) linkInside(name string) bool {
	realName, err := w.files.RealPath(name)
	if err == nil && !w.inRoots(realName) {
		w.note(Note{Name: name, Message: "not read: a link that leads out of what is checked"})
		return false
	}
	return true
}

// holdsAny reports whether a file that was named may be taken for nginx
// configuration: it is empty, or something in it is a directive of nginx.
func holdsAny(f *parser.File) bool {
	for _, d := range f.Root.Directives {
		if parser.ContextsOf(strings.TrimPrefix(d.Name(), "\ufeff")) != 0 {
			return true
		}
	}
	return len(f.Root.Directives) == 0 && len(f.Errs) == 0 || looksLikeNginx(f)
}

// looksLikeNginx tells nginx configuration from the many other files that end
// in .conf: it has a block that only nginx has, or is free of errors and speaks
// nginx's directives only.
func looksLikeNginx(f *parser.File) bool {
	known := 0
	for _, d := range f.Root.Directives {
		name := strings.TrimPrefix(d.Name(), "\ufeff")
		if d.Block != nil {
			switch name {
			case "http", "events", "server", "location", "upstream", "map", "stream", "geo", "types", "split_clients":
				return true
			}
		}
		if parser.ContextsOf(name) != 0 {
			known++
		}
	}
	return known > 0 && known == len(f.Root.Directives) && len(f.Errs) == 0
}
