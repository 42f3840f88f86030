// Package config reads .nginx-ws-lint.yaml, the settings that a repository
// keeps for everyone who checks it.
package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/near"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// Name is what the file is called.
const Name = ".nginx-ws-lint.yaml"

// A Config is what a file says. A flag of the command line outranks it.
type Config struct {
	Path           string         // of the file; "" where there is none
	NginxVersion   parser.Version // zero: not said
	Prefix         []string       // absolute directories
	Select, Ignore []string       // names of rules and groups
	FailOn         string         // one of FailLevels; "" where not said
	MinReadTimeout int            // seconds; 0: not said
	Verify         string         // a command for the shell
}

// FailLevels are the values of fail_on and --fail-on.
var FailLevels = []string{"error", "warning", "info", "never"}

// Find returns the file that holds for a directory: its own, or the nearest one
// upward; the directory with .git is the last that is looked at. It returns ""
// where there is none.
func Find(dir string) string {
	for {
		path := filepath.Join(dir, Name)
		if info, err := os.Lstat(path); err == nil && !info.IsDir() {
			return path
		}
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return ""
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// maxSize bounds a file: it may come with a pull request.
const maxSize = 1 << 20

// Found reads a file that Find found. A link is refused: it may come with a pull
// request, and errors quote what it leads to.
func Found(path string) (*Config, error) {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file; --config names one, --no-config does without", path)
	}
	return Read(path)
}

// Read reads a file. The error says the line and column of what is wrong.
func Read(path string) (*Config, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxSize {
		return nil, fmt.Errorf("%s: not a file of settings", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c := &Config{Path: path}
	if err := c.parse(text); err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	if c.Verify != "" && !trusted(info) {
		return nil, fmt.Errorf("%s: verify names a command to run, and the file is neither yours nor root's, or others may write it; --verify takes one, --no-config does without", path)
	}
	return c, nil
}

// keys are what a file may say, and how each is read.
var keys = map[string]func(*Config, *yaml.Node) error{
	"nginx_version": func(c *Config, n *yaml.Node) (err error) {
		var s string
		if err = scalar(n, &s); err == nil {
			c.NginxVersion, err = parser.ParseVersion(s)
		}
		return err
	},
	"prefix": func(c *Config, n *yaml.Node) error {
		err := list(n, &c.Prefix)
		for _, p := range c.Prefix {
			if err == nil && !strings.HasPrefix(p, "/") {
				err = fmt.Errorf("%q is no absolute path", p)
			}
		}
		return err
	},
	"select": func(c *Config, n *yaml.Node) error { return ruleNames(n, &c.Select) },
	"ignore": func(c *Config, n *yaml.Node) error { return ruleNames(n, &c.Ignore) },
	"fail_on": func(c *Config, n *yaml.Node) error {
		err := scalar(n, &c.FailOn)
		if err == nil && !slices.Contains(FailLevels, c.FailOn) {
			err = fmt.Errorf("%q: must be one of %s", c.FailOn, strings.Join(FailLevels, ", "))
		}
		return err
	},
	"min_read_timeout": func(c *Config, n *yaml.Node) error {
		var s string
		if err := scalar(n, &s); err != nil {
			return err
		}
		d, err := parser.ParseTime(s)
		c.MinReadTimeout = int(d / time.Second)
		return err
	},
	"verify": func(c *Config, n *yaml.Node) error { return scalar(n, &c.Verify) },
}

// Keys returns the names of what a file may say.
func Keys() []string {
	var all []string
	for name := range keys {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// parse reads the text. Errors begin with line and column.
func (c *Config) parse(text []byte) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return errors.New(" " + strings.ReplaceAll(err.Error(), "\n", " "))
	}
	if len(doc.Content) == 0 {
		return nil // empty, or comments only
	}
	root := doc.Content[0]
	if root.Kind == yaml.Scalar && root.Tag == "!!null" {
		return nil
	}
	if root.Kind != yaml.Mapping {
		return at(root, errors.New("the settings must be keys with values"))
	}
	seen := make(map[string]bool)
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		read := keys[key.Value]
		switch {
		case read == nil:
			return at(key, unknown(key.Value))
		case seen[key.Value]:
			return at(key, fmt.Errorf("%s is there twice", key.Value))
		}
		seen[key.Value] = true
		if err := read(c, value); err != nil {
			return at(value, fmt.Errorf("%s: %w", key.Value, err))
		}
	}
	return nil
}

func at(n *yaml.Node, err error) error {
	return fmt.Errorf("%d:%d: %w", n.Line, n.Column, err)
}

func unknown(key string) error {
	if meant := near.Name(key, Keys()); meant != "" {
		return fmt.Errorf("unknown key %q; did you mean %s?", key, meant)
	}
	return fmt.Errorf("unknown key %q; there are %s", key, strings.Join(Keys(), ", "))
}

// scalar reads one word or number, as it is written.
func scalar(n *yaml.Node, s *string) error {
	if n.Kind != yaml.Scalar || n.Value == "" {
		return errors.New("must be one value")
	}
	*s = n.Value
	return nil
}

// list reads several words, or one.
func list(n *yaml.Node, all *[]string) error {
	if n.Kind == yaml.Scalar {
		*all = make([]string, 1)
		return scalar(n, &(*all)[0])
	}
	if n.Kind != yaml.Sequence {
		return errors.New("must be a list")
	}
	for _, item := range n.Content {
		var s string
		if err := scalar(item, &s); err != nil {
			return err
		}
		*all = append(*all, s)
	}
	return nil
}

func ruleNames(n *yaml.Node, all *[]string) error {
	if err := list(n, all); err != nil {
		return err
	}
	for _, name := range *all {
		if err := rules.Known(name); err != nil {
			return err
		}
	}
	return nil
}
