package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/released"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
)

// upgradeCommand is the command that compares two versions.
func upgradeCommand() *cli.Command {
	return &cli.Command{
		Name: "upgrade", Usage: "say what another version of nginx changes for WebSockets", ArgsUsage: "[PATH...]",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "to", Category: groupWhat, Usage: "the new `VERSION`, such as 1.31.4 or angie-1.12.1"},
			&cli.StringFlag{Name: "from", Category: groupWhat, Usage: "the `VERSION` in use; default: --nginx-version, the settings, or that of a Dockerfile or Compose file"},
			formatFlag("text, json"), colorFlag(),
		}, scopeFlags()...),
		Action: upgradeAction,
	}
}

// upgradeAction compares two versions.
func upgradeAction(c *cli.Context) error {
	asJSON, err := wantsJSON(c)
	if err != nil {
		return err
	}
	if c.String("to") == "" {
		return errors.New("upgrade needs the new version: --to 1.31.4")
	}
	to, err := released.Parse(c.String("to"))
	if err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	opt, file, err := scope(c)
	if err != nil {
		return err
	}
	if from := c.String("from"); from != "" {
		if opt.Version, err = released.Parse(from); err != nil {
			return fmt.Errorf("--from: %w", err)
		}
	}
	d, _, err := target(c, &opt, file)
	if err != nil {
		return err
	}
	u, err := lint.CompareVersions(opt, to)
	if err != nil {
		return d.withShownPath(err)
	}
	ro, err := reportOptions(c, d, true)
	if err != nil {
		return err
	}
	write := report.Upgrade
	if asJSON {
		write = report.UpgradeJSON
	}
	if err := write(c.App.Writer, u, ro); err != nil {
		return err
	}
	if slices.ContainsFunc(u.Changes, lint.Change.Harmful) {
		return errFindings
	}
	return nil
}
