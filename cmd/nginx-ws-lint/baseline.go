package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/baseline"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/config"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
)

// oldFindings holds what the flags and settings say about old findings.
type oldFindings struct {
	file  string // the baseline, as a path; "" for none
	dir   string // its real directory, as a name; the file names in it are relative to it
	below string // the directory that it must lie in, if the settings name it
	write bool
}

// oldFindings reads the flags and the baseline.
func (c *command) oldFindings(opt *lint.Options, file *config.Config) error {
	c.old.file = c.String("baseline")
	if !c.IsSet("baseline") && file.Baseline != "" {
		c.old.below = filepath.Dir(file.Path)
		c.old.file = filepath.Join(c.old.below, filepath.FromSlash(file.Baseline))
	}
	switch name := c.String("write-baseline"); {
	case !c.IsSet("write-baseline"):
	case c.Bool("fix") || c.Bool("diff") || c.IsSet("new-from-rev"):
		return errors.New("--write-baseline records every finding; it cannot be combined with --fix, --diff or --new-from-rev")
	case c.IsSet("baseline"):
		return errors.New("--baseline and --write-baseline cannot be used together: --write-baseline already keeps the old findings that still occur")
	default:
		c.old.file, c.old.below, c.old.write = name, "", true
	}
	if c.stdin && c.String("stdin-filename") == "" && c.IsSet("new-from-rev") {
		return errors.New("--new-from-rev: standard input has no revisions; name the file with --stdin-filename")
	}
	if c.old.file == "" {
		return nil
	}
	known, err := c.readBaseline()
	opt.Old = append(opt.Old, known)
	return err
}

// readBaseline reads the baseline. With --write-baseline it need not exist.
func (c *command) readBaseline() (*lint.OldFindings, error) {
	known := &lint.OldFindings{By: lint.ByBaseline, Counts: make(map[lint.Fingerprint]int)}
	files := make(map[string]bool)
	known.Fresh = func(file string) bool { return !files[file] }
	if c.onDisk() {
		dir, err := filepath.EvalSymlinks(filepath.Dir(c.old.file))
		if err == nil {
			c.old.dir, err = c.disk.name(dir)
		}
		if err != nil {
			return known, fmt.Errorf("baseline: %w", err)
		}
	}
	text, err := c.old.read()
	switch {
	case errors.Is(err, fs.ErrNotExist) && c.old.write:
		return known, nil
	case errors.Is(err, fs.ErrNotExist):
		return known, fmt.Errorf("baseline: %s does not exist; --write-baseline %[1]s creates it", c.old.file)
	case err != nil:
		return known, fmt.Errorf("baseline: %s: %w", c.old.file, err)
	}
	counts, err := baseline.Read(text)
	if err != nil && c.old.write {
		return known, fmt.Errorf("baseline: %s:%w; to start over, remove it first", c.old.file, err)
	}
	if err != nil {
		return known, fmt.Errorf("baseline: %s:%w", c.old.file, err)
	}
	for p, n := range counts {
		p.File = c.fromBaseline(p.File)
		known.Counts[p], files[p.File] = n, true
	}
	return known, nil
}

// maxBaseline limits the size of a baseline, since it can come with a pull request.
const maxBaseline = 64 << 20

// read reads the file. Settings can come with a pull request, so a link in their path
// must not lead outside their directory.
func (o oldFindings) read() ([]byte, error) {
	fsys, name := os.DirFS(filepath.Dir(o.file)), filepath.Base(o.file)
	if o.below != "" {
		root, err := os.OpenRoot(o.below)
		if err != nil {
			return nil, err
		}
		defer root.Close()
		rel, err := filepath.Rel(o.below, o.file)
		if err != nil {
			return nil, err
		}
		fsys, name = root.FS(), filepath.ToSlash(rel)
	}
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxBaseline {
		return nil, errors.New("not a regular file of at most 64 MiB")
	}
	return fs.ReadFile(fsys, name)
}

// A baseline has paths relative to its own directory, so that it means the same
// wherever a repository is checked out. Files that are not on this disk, such as
// those of a dump of nginx -T, have their own names.
func (c *command) fromBaseline(file string) string {
	if path.IsAbs(file) || !c.onDisk() {
		return strings.TrimPrefix(file, "/")
	}
	return path.Join(c.old.dir, file)
}

func (c *command) toBaseline(name string) string {
	if !c.onDisk() {
		if name == stdinName {
			return name
		}
		return "/" + name
	}
	rel, err := filepath.Rel(filepath.FromSlash("/"+c.old.dir), filepath.FromSlash("/"+name))
	if err != nil {
		return "/" + name
	}
	return filepath.ToSlash(rel)
}

// onDisk reports whether file names are names of files on disk.
func (c *command) onDisk() bool {
	return !c.stdin || c.String("stdin-filename") != "" && c.disk.current != ""
}

// writeBaseline records all findings, and keeps the old findings of files and rules
// that this run did not check. All of them are suppressed from then on.
func (c *command) writeBaseline(res *lint.Result) error {
	counts := make(baseline.Counts)
	take := func(p lint.Fingerprint, n int) {
		p.File = c.toBaseline(p.File)
		counts[p] += n
	}
	for _, s := range res.Suppressed {
		if s.By == lint.ByBaseline {
			take(lint.Identify(s.Finding, s.Finding.Span.File.Name), 1)
		}
	}
	fresh, dropped, total := len(res.Findings), 0, 0
	for _, f := range res.Findings {
		take(lint.Identify(f, f.Span.File.Name), 1)
		res.Suppressed = append(res.Suppressed, lint.Suppressed{Finding: f, By: lint.ByBaseline})
	}
	for _, u := range res.Unmatched {
		if u.Settled {
			dropped += u.Count
			continue
		}
		take(u.Fingerprint, u.Count)
	}
	res.Findings, res.Unmatched = nil, nil
	text, err := baseline.Text(counts)
	if err == nil {
		err = replaceFile(c.old.file, text)
	}
	if err != nil {
		return fmt.Errorf("--write-baseline: %w", err)
	}
	for _, n := range counts {
		total += n
	}
	c.say("%s now holds %s: %d new, %d dropped\n", report.Clean(c.old.file), report.Plural(total, "finding"), fresh, dropped)
	return nil
}

// staleNote says which findings of the baseline no longer occur. They would suppress
// new findings.
func (c *command) staleNote(res *lint.Result) {
	gone := 0
	for _, u := range res.Unmatched {
		if u.By == lint.ByBaseline && u.Settled {
			gone += u.Count
		}
	}
	if gone > 0 {
		c.say("note: %s in %s no longer occur; --write-baseline %s removes them\n", report.Plural(gone, "finding"), report.Clean(c.old.file), report.Clean(c.old.file))
	}
}
