package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/logs"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
)

func logsCommand() *cli.Command {
	return &cli.Command{
		Name: "logs", Usage: "find WebSocket problems in nginx's error and access logs (- for standard input)", ArgsUsage: "FILE...",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "log-format", Category: groupWhat, Usage: "the access log's `LOG_FORMAT`, as written in the configuration; default: that of --config-path, or a common one"},
			&cli.StringFlag{Name: "config-path", Category: groupWhat, Usage: "the nginx configuration at `PATH`: a directory, a file, or - for the output of nginx -T"},
			&cli.StringFlag{Name: "nginx-version", Category: groupWhat, Usage: "check the configuration for this `VERSION` of nginx or a relative"},
			&cli.StringSliceFlag{Name: "prefix", Category: groupWhat, Usage: "absolute `DIR` where the configuration is installed in production, if not /etc/nginx or another standard prefix"},
			formatFlag("text, json"), colorFlag(),
		},
		Action: logsAction,
	}
}

// logsAction reads logs and reports their WebSocket problems.
func logsAction(c *cli.Context) error {
	asJSON, err := wantsJSON(c)
	if err != nil {
		return err
	}
	if c.NArg() == 0 {
		return errors.New("logs needs files, or - for standard input (see nginx-ws-lint logs --help)")
	}
	l, d, err := newLog(c)
	if err != nil {
		return err
	}
	ro, err := reportOptions(c, d, true)
	if err != nil {
		return err
	}
	for _, name := range c.Args().Slice() {
		if err := readLog(c, l, name); err != nil {
			return fmt.Errorf("%s: %w", name, reason(err))
		}
	}
	if err := unknownLogs(c, l); err != nil {
		return err
	}
	if err := l.Judge(); err != nil {
		return d.withShownPath(err)
	}
	write := report.LogText
	if asJSON {
		write = report.LogJSON
	}
	if err := write(c.App.Writer, l, ro); err != nil {
		return err
	}
	if len(l.Groups) > 0 {
		return errFindings
	}
	return nil
}

// unknownLogs names the files in which no line was recognised. It returns an error if
// one of them has lines or all logs are empty, because "no problems found" would be
// wrong.
func unknownLogs(c *cli.Context, l *logs.Log) error {
	trouble := l.Errors+l.Accesses == 0
	for _, u := range l.Unknown {
		fmt.Fprintf(c.App.ErrWriter, "note: %s: %s\n", report.Clean(u.File), report.Clean(u.Why))
		trouble = trouble || u.Why != logs.Empty
	}
	if !trouble {
		return nil
	}
	hint := "name the log_format of the access log with --log-format, or its configuration with --config-path"
	if c.String("log-format") != "" {
		hint = "check that --log-format is the format they were written in"
	}
	return errors.New("some logs were not recognised as logs of nginx; " + hint)
}

// newLog reads the configuration and the access log format, if they are given.
func newLog(c *cli.Context) (*logs.Log, disk, error) {
	var format *logs.Format
	var err error
	if s := c.String("log-format"); s != "" {
		if format, err = logs.ParseFormat(s); err != nil {
			return nil, disk{}, fmt.Errorf("--log-format: %w", err)
		}
	}
	path := c.String("config-path")
	if path == "" {
		d, err := openDisk()
		return logs.New(nil, format), d, err
	}
	if path == "-" && c.Args().Get(0) == "-" {
		return nil, disk{}, errors.New("standard input cannot be both the configuration and a log")
	}
	lo, d, err := configAt(c)
	if err != nil {
		return nil, d, err
	}
	site, err := logs.NewSite(lo)
	if err != nil {
		return nil, d, fmt.Errorf("--config-path: %w", d.withShownPath(err))
	}
	return logs.New(site, format), d, nil
}

func readLog(c *cli.Context, l *logs.Log, name string) error {
	if name == "-" {
		return l.Read("-", c.App.Reader)
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return l.Read(name, f)
}
