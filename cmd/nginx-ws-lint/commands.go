package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// explainAction prints a rule's page.
func explainAction(c *cli.Context) error {
	if c.NArg() != 1 {
		return errors.New("explain needs the name of one rule; `nginx-ws-lint rules` lists them")
	}
	asJSON, err := wantsJSON(c)
	if err != nil {
		return err
	}
	r, err := rules.Find(c.Args().First())
	if err != nil {
		return err
	}
	d, err := openDisk()
	if err != nil {
		return err
	}
	opt, err := reportOptions(c, d, true)
	if err != nil {
		return err
	}
	if asJSON {
		return report.PageJSON(c.App.Writer, r, opt)
	}
	return report.Page(c.App.Writer, r, opt)
}

// rulesAction lists the rules.
func rulesAction(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	switch c.String("format") {
	case "text":
		return report.Rules(c.App.Writer, rules.All)
	case "json":
		type row struct {
			Name     string `json:"name"`
			Group    string `json:"group"`
			Severity string `json:"severity"`
			Pedantic bool   `json:"pedantic"`
			Summary  string `json:"summary"`
			URL      string `json:"url"`
		}
		all := []row{}
		for _, r := range rules.All {
			all = append(all, row{r.Name, string(r.Group), r.Severity.String(), r.Pedantic, r.Summary, report.RuleURL(r, versionString())})
		}
		enc := json.NewEncoder(c.App.Writer)
		enc.SetIndent("", "  ")
		return enc.Encode(all)
	}
	return badValue("format", c.String("format"), []string{"text", "json"})
}

// checked lints the paths of a command that lists what it finds.
func checked(c *cli.Context) (res *lint.Result, asJSON bool, ro report.Options, err error) {
	if asJSON, err = wantsJSON(c); err != nil {
		return nil, false, ro, err
	}
	opt, file, err := scope(c)
	if err != nil {
		return nil, false, ro, err
	}
	d, _, err := target(c, &opt, file)
	if err != nil {
		return nil, false, ro, err
	}
	if res, err = lint.Run(opt); err != nil {
		return nil, false, ro, d.withShownPath(err)
	}
	ro, err = reportOptions(c, d, true)
	return res, asJSON, ro, err
}

// deploymentsAction lists the containers that run nginx.
func deploymentsAction(c *cli.Context) error {
	res, asJSON, ro, err := checked(c)
	if err != nil {
		return err
	}
	all := res.Deployments()
	if asJSON {
		return report.DeploymentsJSON(c.App.Writer, all, ro)
	}
	if err := report.Deployments(c.App.Writer, all, ro); err != nil {
		return err
	}
	fmt.Fprintf(c.App.ErrWriter, "%s\n", report.Plural(len(all), "deployment"))
	return nil
}

// inventoryAction lists the locations.
func inventoryAction(c *cli.Context) error {
	res, asJSON, ro, err := checked(c)
	if err != nil {
		return err
	}
	entries, routes := lint.Inventory(res, c.Bool("all")), lint.Routes(res, c.Bool("all"))
	if asJSON {
		return report.InventoryJSON(c.App.Writer, entries, routes, ro)
	}
	if err := report.Inventory(c.App.Writer, entries, routes, ro); err != nil {
		return err
	}
	works := 0
	for _, e := range entries {
		if e.Handshake.Outcome == model.Passes {
			works++
		}
	}
	if len(entries) > 0 || len(routes) == 0 {
		fmt.Fprintf(c.App.ErrWriter, "handshakes pass at %d of %s\n", works, report.Plural(len(entries), "location"))
	}
	works = 0
	for _, r := range routes {
		if r.Handshake.Outcome == model.Passes {
			works++
		}
	}
	if len(routes) > 0 {
		fmt.Fprintf(c.App.ErrWriter, "handshakes pass at %d of %s of Kubernetes\n", works, report.Plural(len(routes), "route"))
	}
	return nil
}
