package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/probe"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
)

// cloudflareToken is the variable in which Cloudflare's own tools expect the token.
const cloudflareToken = "CLOUDFLARE_API_TOKEN"

// cloudflareAPI is the address of Cloudflare's API; tests replace it.
var cloudflareAPI = probe.CloudflareAPI

// probeAction sends the requests, judges the answers and reports the result. If
// nothing could be reached, that is a bad result: exit 1. An error means that no
// request could be sent.
func probeAction(c *cli.Context) error {
	asJSON, err := wantsJSON(c)
	if err != nil {
		return err
	}
	opt, err := probeOptions(c)
	if err != nil {
		return err
	}
	p := report.Probed{Case: &probe.Case{}, Config: c.String("config-path")}
	d, err := placeURL(c, &p, opt)
	if err != nil {
		return err
	}
	ro, err := reportOptions(c, d, true)
	if err != nil {
		return err
	}
	if err := sendRequests(c, &p, opt); err != nil {
		return err
	}
	write := report.ProbeText
	if asJSON {
		write = report.ProbeJSON
	}
	root := d.patchRoot(p.Patches)
	p.DiffName, p.HowToApply = root.name, root.howToApply()
	if err := write(c.App.Writer, p, ro); err != nil {
		return err
	}
	if !p.Good {
		return errFindings
	}
	return nil
}

// sendRequests sends all requests and judges the answers.
func sendRequests(c *cli.Context, p *report.Probed, opt probe.Options) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if p.Zone, err = askZone(ctx, c, opt.Timeout); err != nil {
		return err
	}
	if opt.Hold > 0 {
		fmt.Fprintf(c.App.ErrWriter, "keeping a connection idle for %s\n", opt.Hold)
	}
	defer announceWaiting(c)()
	if p.Through, p.Direct, err = probe.Run(ctx, opt); err != nil {
		return errors.New("interrupted")
	}
	if p.Place, err = p.Place.ServedBy(p.Through); err != nil {
		return fmt.Errorf("--config-path: %w", err)
	}
	p.Verdict = probe.Judge(p.Case)
	if p.Place != nil && !p.Good && len(p.Suspects) > 0 {
		p.Patches, p.Unsafe, err = p.Place.Fix(p.Suspects[0].Row.Cause)
	}
	return err
}

// announceWaiting says on a terminal that we wait for answers, if that takes long.
func announceWaiting(c *cli.Context) (stop func()) {
	if columns(c.App.ErrWriter) == 0 {
		return func() {}
	}
	timer := time.AfterFunc(2*time.Second, func() { fmt.Fprintf(c.App.ErrWriter, "waiting for answers, up to %s each\n", c.Duration("timeout")) })
	return func() { timer.Stop() }
}

// placeURL reads the configuration, if one is given, and finds the URL in it.
func placeURL(c *cli.Context, p *report.Probed, opt probe.Options) (disk, error) {
	if p.Config == "" {
		return openDisk()
	}
	lo, d, err := configAt(c)
	if err != nil {
		return d, err
	}
	if p.Place, err = probe.Locate(lo, opt.URL); err != nil {
		return d, fmt.Errorf("--config-path: %w", d.withShownPath(err))
	}
	if p.Place == nil {
		if p.Route, err = probe.LocateRoute(lo, opt.URL); err != nil {
			return d, fmt.Errorf("--config-path: %w", d.withShownPath(err))
		}
	}
	return d, nil
}

// askZone asks Cloudflare, if a zone is given.
func askZone(ctx context.Context, c *cli.Context, timeout time.Duration) (*probe.Zone, error) {
	id := c.String("cloudflare-zone")
	if id == "" {
		return nil, nil
	}
	token := os.Getenv(cloudflareToken)
	if token == "" {
		return nil, fmt.Errorf("--cloudflare-zone needs a token that can read the zone's settings, in the environment variable %s", cloudflareToken)
	}
	zone, err := probe.ZoneQuestion{API: cloudflareAPI, ID: id, Token: token, Timeout: timeout}.Ask(ctx)
	if err != nil {
		return nil, fmt.Errorf("--cloudflare-zone: %w", err)
	}
	return zone, nil
}
