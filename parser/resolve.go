package parser

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// UsualPrefixes are the directories in which distributions and images keep
// nginx.conf. A repository holds such a tree at some other path, so an absolute
// include below one of them is looked for in the tree that is read.
var UsualPrefixes = []string{
	"/etc/nginx", "/usr/local/nginx/conf", "/usr/local/openresty/nginx/conf",
	"/usr/local/etc/nginx", "/opt/homebrew/etc/nginx",
}

// harmless are files that packages bring and that hold nothing about proxying:
// where they are missing, nothing is in doubt.
var harmless = map[string]bool{
	"mime.types": true, "fastcgi_params": true, "fastcgi.conf": true, "uwsgi_params": true,
	"scgi_params": true, "fastcgi-php.conf": true, "php_fastcgi.conf": true, "koi-utf": true,
	"options-ssl-nginx.conf": true, "ssl-dhparams.pem": true, "snakeoil.conf": true,
	"letsencrypt-acme-challenge.conf": true, "resolvers.conf": true, "resolver.conf": true,
	"modsecurity.conf": true, "ssl-params.conf": true, "ssl.conf": true, "gzip.conf": true,
	"nginx-modsecurity.conf": true, "cloudflare.conf": true, "blockips.conf": true,
}

// resolve returns the names of the files that an include means, and notes what
// is not to be had. A relative name is relative to the main file's directory,
// never to the including file's.
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
			return b.regular(inc, found)
		}
	}
	inc.Missing = !inc.Glob || !b.opt.Complete && !b.directoryExists(names)
	switch {
	case inc.Missing && outside && (path.IsAbs(value) || !b.cfg.Fragment):
		inc.Problem = fmt.Sprintf("%q is outside the directories that are read", value)
	case inc.Missing:
		inc.Problem = fmt.Sprintf("open() %q failed (2: No such file or directory)", value)
	}
	return nil
}

// unread notes that something which the include names is there, but could not be
// read.
func (b *Included) unread(name string, err error) {
	b.Missing, b.Denied, b.Problem = true, b.Denied || !absent(err), readProblem(name, err)
}

// candidates are the places at which an include's files may lie, best first.
func (b *builder) candidates(value string) []string {
	if !path.IsAbs(value) {
		names := []string{path.Join(b.dir, value)}
		if b.cfg.Fragment { // its main file is unknown: try upward
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

// allowed reports whether a name lies in the roots, and not in what git keeps: that
// may hold credentials, and a tree that was cloned cannot include it.
func (b *builder) allowed(name string) bool {
	if strings.HasPrefix(name, ".git/") || strings.Contains(name, "/.git/") {
		return false
	}
	if len(b.opt.Roots) == 0 {
		return true
	}
	for _, root := range b.opt.Roots {
		if root == "." || name == root || strings.HasPrefix(name, root+"/") {
			return true
		}
	}
	return false
}

// regular drops what nginx could not read as a file, and links that lead out of
// the roots: a link in a pull request must not have us read what it likes.
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

// list returns what is in a directory that, wherever links lead, lies in the
// roots: the names in others are not ours to list.
func (b *builder) list(dir string) ([]fs.DirEntry, error) {
	if !b.reachable(dir) {
		return nil, nil
	}
	return b.opt.Files.ReadDir(dir)
}

// spend counts steps of matching the patterns of includes, and reports whether
// there are any left: that a thousand patterns go over ten thousand names is
// bounded.
func (b *builder) spend(steps int) bool {
	if b.globbing += steps; b.globbing > maxGlobbing {
		b.stopped = fmt.Sprintf("matching the patterns of includes with file names takes more than %d steps; gave up", maxGlobbing)
	}
	return b.globbing <= maxGlobbing
}

// reachable reports whether a name, wherever links lead, lies in the roots.
func (b *builder) reachable(name string) bool {
	realName, err := b.opt.Files.RealPath(name)
	return err == nil && b.allowed(realName)
}

// directoryExists reports whether the fixed part of a pattern is there: then
// the pattern matched nothing, and nothing is missing.
func (b *builder) directoryExists(names []string) bool {
	for _, name := range names {
		if i := strings.IndexAny(name, "*?["); i >= 0 {
			name = name[:i]
		}
		if i := strings.LastIndexByte(name, '/'); i >= 0 {
			name = name[:i]
		} else {
			name = "."
		}
		if mayBeDirectory(b.opt.Files, name) && b.reachable(name) {
			return true
		}
	}
	return false
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
