// Package config reads .nginx-ws-lint.yaml, the settings that a repository keeps for
// everyone who checks it.
package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// Name is the name of the file. OtherName is read as well, because many programs use
// that extension.
const (
	Name      = ".nginx-ws-lint.yaml"
	OtherName = ".nginx-ws-lint.yml"
)

// A Config is the content of a settings file. Command line flags take precedence.
type Config struct {
	Path   string       // of the file; "" if there is none
	Source *parser.File // its text, for positions in it; its Name is Path until the caller changes it
	Owner  string       // the user who owns the file; "" for ourselves and root

	NginxVersion   parser.Version   // zero: not set
	Prefix         []string         // absolute directories
	Contexts       []lint.ContextOf // in order
	Exclude        []string         // patterns
	FailOn         string           // one of FailLevels; "" if not set
	MinReadTimeout int              // seconds; 0: not set
	Baseline       string           // a path below the file's directory
	Verify         string           // a shell command
	Untrusted      error            // why Verify is not run; nil if nobody else can have written it
	All            lint.Override    // settings for all files
	Overrides      []lint.Override  // settings for some files
}

// FailLevels are the values of fail_on and --fail-on.
var FailLevels = []string{"error", "warning", "info", "never"}

// Find returns the settings file for a directory: its own, or the nearest one above
// it, up to the directory with .git. It returns "" if there is none.
func Find(dir string) (string, error) {
	for {
		path, err := In(dir)
		if path != "" || err != nil {
			return path, err
		}
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return "", nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", nil
		}
		dir = parent
	}
}

// In returns the settings file in a directory, or "". Two of them are an error,
// because neither takes precedence.
func In(dir string) (string, error) {
	found := ""
	for _, name := range []string{Name, OtherName} {
		path := filepath.Join(dir, name)
		if info, err := os.Lstat(path); err != nil || info.IsDir() {
			continue
		}
		if found != "" {
			return "", fmt.Errorf("%s: holds both %s and %s; remove one of them", dir, Name, OtherName)
		}
		found = path
	}
	return found, nil
}

// maxSize limits the size of a file, since it can come with a pull request.
const maxSize = 1 << 20

// Found reads a file that Find returned. It refuses a link, which can come with a
// pull request: errors would quote the file that it points to.
func Found(path string) (*Config, error) {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file; name another file with --config, or use --no-config", path)
	}
	return read(path, noFollow)
}

// Read reads a file. The error has the line and column of the mistake.
func Read(path string) (*Config, error) { return read(path, 0) }

// read opens a file once, so that all checks are about the file that is read.
func read(path string, flags int) (*Config, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|openFlags|flags, 0)
	var failed *fs.PathError
	if errors.As(err, &failed) {
		return nil, fmt.Errorf("%s: %w", path, failed.Err)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxSize {
		return nil, fmt.Errorf("%s: not a settings file", path)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSize))
	if err != nil {
		return nil, err
	}
	c := &Config{Path: path, Source: lint.SettingsFile(path, text), Owner: ownerOf(info)}
	if err := c.parse(text); err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	if c.Verify != "" {
		if err := trusted(f, path); err != nil {
			c.Untrusted = fmt.Errorf("%s: its verify command is not run: %w; pass it with --verify, or use --no-config", path, err)
		}
	}
	return c, nil
}

// Silences reports whether a file can keep a finding from being reported.
func (c *Config) Silences() bool {
	all := c.All
	return c.Baseline != "" || c.FailOn != "" || c.NginxVersion != (parser.Version{}) || c.MinReadTimeout > 0 ||
		len(c.Exclude)+len(c.Contexts)+len(c.Prefix)+len(c.Overrides) > 0 ||
		len(all.Select)+len(all.Ignore)+len(all.Suppress)+len(all.Severity)+len(all.Locations) > 0
}

// parse reads the text. Errors begin with the line and column.
func (c *Config) parse(text []byte) error {
	doc, err := yaml.Only(text)
	if err != nil {
		return err
	}
	if len(doc.Content) == 0 {
		return nil // empty, or comments only
	}
	root := doc.Content[0]
	if root.Kind == yaml.Scalar && root.Tag == "!!null" {
		return nil
	}
	if root.Kind != yaml.Mapping {
		return at(root, errors.New("the settings must be a mapping of keys to values"))
	}
	r := &reader{source: c.Source}
	return fields(r, c, root, keys)
}
