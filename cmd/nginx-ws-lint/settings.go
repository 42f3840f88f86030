package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/config"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// settings reads the settings file: that of --config, else the nearest one in or
// above a directory.
func settings(c *cli.Context, dir string) (*config.Config, error) {
	path := c.String("config")
	switch {
	case c.Bool("no-config") && path != "":
		return nil, errors.New("--config and --no-config cannot be used together")
	case c.Bool("no-config"):
		return &config.Config{}, nil
	case path == "":
		dir, err := absolute(dir)
		if err != nil {
			return nil, err
		}
		if path, err = config.Find(dir); path == "" {
			return &config.Config{}, err
		}
		return config.Found(path)
	}
	d, err := openDisk()
	if err != nil {
		return nil, err
	}
	if err := d.staysInRepository(path); err != nil {
		return nil, fmt.Errorf("--config: %w", err)
	}
	file, err := config.Read(path)
	if err != nil && c.IsSet("config") {
		err = fmt.Errorf("--config: %w", err)
	}
	return file, err
}

// verifierOf returns the command that --fix runs: that of --verify, else that of the
// settings. The latter is refused if someone else may have written the settings. In
// CI all files belong to the user, whoever wrote them, so there the settings must be
// named with --config.
func (c *command) verifierOf(file *config.Config) (string, error) {
	switch {
	case c.IsSet("verify"):
		return c.String("verify"), nil
	case !c.Bool("fix") || file.Verify == "":
		return "", nil
	case file.Untrusted != nil:
		return "", file.Untrusted
	case inCI() && c.String("config") == "":
		return "", fmt.Errorf("%s: its verify command is not run: in CI a pull request may have changed this file; pass the command with --verify, or trust the file with --config", file.Path)
	}
	return file.Verify, nil
}

// noteForeignSettings adds a note if settings of another user apply that lie above the checked
// files. They can suppress findings, and nothing in the tree shows that.
func (c *command) noteForeignSettings(res *lint.Result) {
	file := c.settings
	if file.Owner == "" || c.String("config") != "" || !file.Silences() {
		return
	}
	if dir, err := absolute(firstDir(c.Context)); err == nil && within(realName(file.Path), realName(dir)) {
		return
	}
	res.Notes = append(res.Notes, lint.Note{
		Name: file.Source.Name, Message: "these settings apply, although they lie above the checked files and belong to another user (" + file.Owner + "); they can suppress findings; --no-config ignores them",
	})
}
