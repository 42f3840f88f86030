package parser

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// UsualPrefixes are the directories in which distributions and images install
// nginx.conf. A repository has such a tree at another path, so an absolute include
// below one of them is looked up in the tree that is read.
var UsualPrefixes = []string{
	"/etc/nginx", "/usr/local/nginx/conf", "/usr/local/openresty/nginx/conf",
	"/usr/local/etc/nginx", "/opt/homebrew/etc/nginx", "/etc/angie", "/etc/tengine", "/usr/local/tengine/conf",
	"/opt/bitnami/nginx/conf", "/config/nginx",
}

// harmless are files of packages that do not affect proxying. If they are missing,
// nothing is uncertain.
var harmless = map[string]bool{
	"mime.types": true, "fastcgi_params": true, "fastcgi.conf": true, "uwsgi_params": true,
	"scgi_params": true, "fastcgi-php.conf": true, "php_fastcgi.conf": true, "koi-utf": true,
	"options-ssl-nginx.conf": true, "ssl-dhparams.pem": true, "snakeoil.conf": true,
	"letsencrypt-acme-challenge.conf": true, "resolvers.conf": true, "resolver.conf": true,
	"modsecurity.conf": true, "ssl-params.conf": true, "ssl.conf": true, "gzip.conf": true,
	"nginx-modsecurity.conf": true, "cloudflare.conf": true, "blockips.conf": true,
}

// resolve returns the names of the files that an include means, and records what
// cannot be read. A relative name is relative to the main file's directory, never to
// the including file's.
func (b *builder) resolve(value string, inc *Included) []string {
	names, outside := b.candidates(value), false
	for _, name := range names {
		if !fs.ValidPath(name) || !b.allowed(name) {
			outside = true
			continue
		}
		found := []string{name}
		if inc.Glob {
			var err error
			if found, err = glob(b.opt.Files, name, b.list, b.spend); err != nil {
				inc.unread(value, err)
			}
		} else if !exists(b.opt.Files, name) {
			continue
		}
		if len(found) > 0 || inc.Denied {
			b.vague(value, inc)
			return b.regular(inc, found)
		}
	}
	inc.Missing = !inc.Glob || !b.opt.Complete && b.opt.Root == "" && !b.directoryExists(names)
	switch {
	case b.vague(value, inc):
	case inc.Missing && outside && (path.IsAbs(value) || !b.cfg.Fragment):
		inc.Problem = fmt.Sprintf("%q is outside the directories that are read", value)
	case inc.Missing:
		inc.Problem = fmt.Sprintf("open() %q failed (2: No such file or directory)", value)
	}
	return nil
}

// unread records that something which the include names exists but could not be read.
func (b *Included) unread(name string, err error) {
	b.Missing, b.Denied, b.Problem = true, b.Denied || !absent(err), readProblem(name, err)
}

// candidates are the places in which an include's files may be, best first.
func (b *builder) candidates(value string) []string {
	if b.opt.Root != "" {
		return []string{b.inRoot(value)}
	}
	if !path.IsAbs(value) {
		names := []string{path.Join(b.dir, value)}
		if b.cfg.Fragment { // its main file is unknown: try the directories above
			for dir := b.dir; dir != "." && dir != "/"; {
				dir = path.Dir(dir)
				names = append(names, path.Join(dir, value))
			}
		}
		return names
	}
	clean := path.Clean(value)
	var names []string
	for _, prefix := range append(b.opt.Prefixes, UsualPrefixes...) {
		if rest, ok := strings.CutPrefix(clean, strings.TrimSuffix(prefix, "/")+"/"); ok {
			for dir := b.dir; ; dir = path.Dir(dir) {
				names = append(names, path.Join(dir, rest))
				if !b.cfg.Fragment || dir == "." || dir == "/" {
					break
				}
			}
		}
	}
	return append(names, strings.TrimPrefix(clean, "/"))
}

// inRoot returns the name of a path as nginx sees it, where it runs.
func (b *builder) inRoot(value string) string {
	if !path.IsAbs(value) {
		value = path.Join(strings.TrimPrefix(b.dir, b.opt.Root), value)
	}
	return path.Join(b.opt.Root, path.Clean("/"+value))
}

// vague records that it is not known which files an include reads where nginx runs,
// or whether there are more of them.
func (b *builder) vague(value string, inc *Included) bool {
	if b.opt.Root == "" || b.opt.Unknown == nil {
		return false
	}
	if !b.opt.Unknown(strings.TrimPrefix(b.inRoot(value), b.opt.Root)) {
		return false
	}
	inc.Missing, inc.Problem = true, fmt.Sprintf("the repository does not say what nginx finds at %s", value)
	return true
}

// allowed reports whether a name lies in the roots and not in git's own directory,
// which can contain credentials and which a cloned tree cannot include.
func (b *builder) allowed(name string) bool {
	if strings.HasPrefix(name, ".git/") || strings.Contains(name, "/.git/") {
		return false
	}
	if len(b.opt.Roots) == 0 || b.opt.Root != "" && strings.HasPrefix(name, b.opt.Root+"/") {
		return true
	}
	for _, root := range b.opt.Roots {
		if root == "." || name == root || strings.HasPrefix(name, root+"/") {
			return true
		}
	}
	return false
}

// regular removes what nginx could not read as a file, and links that lead out of the
// roots: a link in a pull request must not make us read other files.
func (b *builder) regular(inc *Included, names []string) []string {
	kept := names[:0]
	for _, name := range names {
		realName, directory := b.opt.Files.resolve(name)
		if realName != "" && !b.allowed(realName) {
			inc.Missing, inc.Problem = true, fmt.Sprintf("%q is a link that points outside the directories that are read", name)
			continue
		}
		if directory {
			inc.Problem = fmt.Sprintf("pread() %q failed (21: Is a directory)", name)
			continue
		}
		kept = append(kept, name)
	}
	return kept
}

// list returns the entries of a directory if its real path lies in the roots. Other
// directories must not be listed.
func (b *builder) list(dir string) ([]fs.DirEntry, error) {
	if !b.reachable(dir) {
		return nil, b.unreadable(dir)
	}
	return b.opt.Files.ReadDir(dir)
}

// spend counts steps of matching the patterns of includes, and reports whether any
// are left. This limits a thousand patterns over ten thousand names.
func (b *builder) spend(steps int) bool {
	if b.globbing += steps; b.globbing > maxGlobbing {
		b.stopped = fmt.Sprintf("matching the patterns of includes with file names takes more than %d steps; gave up", maxGlobbing)
	}
	return b.globbing <= maxGlobbing
}

// reachable reports whether the real path of a name lies in the roots.
func (b *builder) reachable(name string) bool {
	realName, err := b.opt.Files.RealPath(name)
	return err == nil && b.allowed(realName)
}

// unreadable returns the error of a directory that is there, below Root, but cannot be
// read.
func (b *builder) unreadable(dir string) error {
	if b.opt.Root == "" {
		return nil
	}
	_, err := b.opt.Files.RealPath(dir)
	if err == nil || !absent(err) {
		return err
	}
	if _, missing := b.opt.Files.Lstat(dir); missing != nil {
		return nil
	}
	return &fs.PathError{Op: "open", Path: dir, Err: errGone}
}

var errGone = errors.New("it was there and is gone")

// directoryExists reports whether the fixed part of a pattern exists: then the
// pattern matched nothing, and nothing is missing.
func (b *builder) directoryExists(names []string) bool {
	for _, name := range names {
		name = fixedDirectory(name)
		if mayBeDirectory(b.opt.Files, name) && b.reachable(name) {
			return true
		}
	}
	return false
}

// fixedDirectory returns the directory of a pattern's part before its first element
// with a special character.
func fixedDirectory(name string) string {
	if i := strings.IndexAny(name, "*?["); i >= 0 {
		name = name[:i]
	}
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		return name[:i]
	}
	return "."
}

func readProblem(name string, err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Sprintf("open() %q failed (2: No such file or directory)", name)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Sprintf("open() %q failed (13: Permission denied)", name)
	}
	var p *fs.PathError
	if errors.As(err, &p) { // its name is one in our file system
		err = p.Err
	}
	return fmt.Sprintf("%q cannot be read: %v", name, err)
}
