package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/spell"
)

// suggest adds "did you mean ...?" if the first path looks like a mistyped command, or
// like a mistyped path.
func (c *command) suggest(err error) error {
	var names []string
	for _, cmd := range c.App.Commands {
		names = append(names, cmd.Name)
	}
	first := c.Args().First()
	if meant := spell.Name(first, names); meant != "" {
		return fmt.Errorf("%w; did you mean the command %s?", err, meant)
	}
	if meant := nearbyPath(first); meant != "" {
		return fmt.Errorf("%w; did you mean %s?", err, meant)
	}
	return err
}

// nearbyPath returns the path that a misspelt one was most likely meant to be, if
// only its last element is wrong.
func nearbyPath(name string) string {
	if _, err := os.Lstat(name); name == "" || !errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	entries, _ := os.ReadDir(filepath.Dir(name))
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	meant := spell.Name(filepath.Base(name), names)
	if meant == "" {
		return ""
	}
	return filepath.Join(filepath.Dir(name), meant)
}
