package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/config"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/spell"
)

// configCommand returns the commands for the settings file.
func configCommand() *cli.Command {
	return &cli.Command{
		Name: "config", Usage: "write, check or describe the settings file", ArgsUsage: "init | validate | schema", Action: configAction,
		Subcommands: []*cli.Command{
			{Name: "init", Usage: "write a " + config.Name + " that shows all settings", ArgsUsage: "[FILE]", Action: configInit},
			{Name: "validate", Usage: "check the settings file", ArgsUsage: "[FILE]", Action: configValidate},
			{Name: "schema", Usage: "print the JSON Schema of the settings file, for editors", ArgsUsage: " ", Action: configSchema},
		},
	}
}

// configAction reports a missing or unknown subcommand.
func configAction(c *cli.Context) error {
	name := c.Args().First()
	if name == "" {
		return errors.New("config needs a command: init, validate or schema; to check a directory named config, write ./config")
	}
	if meant := spell.Name(name, []string{"init", "validate", "schema"}); meant != "" {
		return fmt.Errorf("config %s: did you mean config %s?", name, meant)
	}
	return fmt.Errorf("config %s: unknown command; use init, validate or schema", name)
}

// oneFile returns the path argument of a command, or the default.
func oneFile(c *cli.Context, usual string) (string, error) {
	switch c.NArg() {
	case 0:
		return usual, nil
	case 1:
		return c.Args().First(), nil
	}
	return "", fmt.Errorf("config %s accepts one file", c.Command.Name)
}

// configInit writes a settings file with every setting commented out.
func configInit(c *cli.Context) error {
	path, err := oneFile(c, config.Name)
	if err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, config.Name)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s already exists; not overwritten", path)
	}
	if err != nil {
		return err
	}
	if err := fill(f, []byte(config.Starter), 0); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	fmt.Fprintf(c.App.ErrWriter, "wrote %s with all settings commented out; check it with nginx-ws-lint config validate\n", path)
	return nil
}

// configValidate reads the named file, else the one that applies here.
func configValidate(c *cli.Context) error {
	path, err := oneFile(c, "")
	if err != nil {
		return err
	}
	if path == "" {
		dir, err := currentDir()
		if err != nil {
			return err
		}
		if path, err = config.Find(dir); err != nil {
			return err
		}
		if path == "" {
			return fmt.Errorf("no %s found here or above, up to the repository's root; nginx-ws-lint config init creates one", config.Name)
		}
	}
	file, err := config.Found(path)
	if err != nil {
		return err
	}
	if file.Untrusted != nil {
		return file.Untrusted
	}
	fmt.Fprintf(c.App.ErrWriter, "%s is valid\n", path)
	return nil
}

// configSchema prints the schema.
func configSchema(c *cli.Context) error {
	if c.NArg() > 0 {
		return errors.New("config schema accepts no file")
	}
	text, err := config.Schema()
	if err == nil {
		_, err = c.App.Writer.Write(text)
	}
	return err
}
