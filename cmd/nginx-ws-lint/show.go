package main

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// show prints what is checked and how, instead of the findings.
func (c *command) show(res *lint.Result) error {
	if c.Bool("show-settings") {
		for _, s := range c.settingsInForce(res) {
			fmt.Fprintln(c.App.Writer, s.text())
		}
	}
	if c.Bool("show-files") {
		for _, line := range c.considered(res) {
			fmt.Fprintln(c.App.Writer, line)
		}
	}
	return c.verdict(&lint.Result{Notes: res.Notes})
}

// considered lists all files that may be nginx configuration, with their status.
func (c *command) considered(res *lint.Result) []string {
	became := make(map[string]string)
	for _, n := range res.Notes {
		if why, ok := strings.CutPrefix(n.Message, "not read: "); ok && n.Name != "" {
			became[c.disk.shown(n.Name)] = "not read: " + why
		}
	}
	for _, p := range res.Passed {
		became[c.disk.shown(p.Name)] = "not checked: " + p.Why
	}
	for _, f := range res.Files {
		what := "checked"
		switch {
		case res.Judged(f):
		case res.Excluded(f):
			what = "read, not checked: excluded"
		case f.Template():
			what = "read, not checked: a template: render it first"
		default:
			what = "read, not checked: outside the paths"
		}
		became[c.disk.shown(f.Name)] = what
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(became)) {
		lines = append(lines, report.Clean(name)+": "+report.Clean(became[name]))
	}
	return lines
}

// A setting is a setting that applies, with its source.
type setting struct{ key, value, from string }

func (s setting) text() string {
	return report.Clean(fmt.Sprintf("%s: %s (%s)", s.key, cmp.Or(s.value, "none"), s.from))
}

// A settingRow is a key of the settings or a flag, with its value. An empty value is
// unset.
type settingRow struct{ key, flag, file, usual string }

func (c *command) settingRows() []settingRow {
	file := c.settings
	list := func(values []string) string { return strings.Join(values, ", ") }
	version, timeout := "", ""
	if v := file.NginxVersion; !v.IsZero() {
		version = v.String()
	}
	if n := file.MinReadTimeout; n > 0 {
		timeout = fmt.Sprintf("%ds", n)
	}
	return []settingRow{
		{"nginx_version", "nginx-version", version, "1.18 and later"},
		{"prefix", "prefix", list(file.Prefix), ""},
		{"context", "context", contextList(file.Contexts), ""},
		{"exclude", "exclude", list(file.Exclude), ""},
		{"select", "select", list(file.All.Select), "every rule that is not pedantic"},
		{"extend-select", "extend-select", "", ""},
		{"ignore", "ignore", list(append(slices.Clone(file.All.Ignore), suppressed(file.All)...)), ""},
		{"severity", "", severityList(file.All.Severity), ""},
		{"websocket", "", locationList(file.All, true), ""},
		{"not_websocket", "", locationList(file.All, false), ""},
		{"fail_on", "fail-on", file.FailOn, "warning"},
		{"min-severity", "min-severity", "", "info"},
		{"min_read_timeout", "", timeout, ""},
		{"baseline", "baseline", file.Baseline, ""},
		{"verify", "verify", file.Verify, ""},
	}
}

// settingsInForce returns all settings that apply, in the order of the keys. For
// prefix, exclude and ignore the lists of settings and flags are joined.
func (c *command) settingsInForce(res *lint.Result) []setting {
	file, by := c.settings, "the nearest file"
	switch {
	case c.Bool("no-config"):
		by = "--no-config"
	case c.String("config") != "":
		by = "--config"
	}
	name := c.shownPath(file.Path)
	all := []setting{{"settings", name, by}}
	for _, r := range c.settingRows() {
		flag := c.flagText(r.flag)
		switch {
		case r.key == "nginx_version" && flag+r.file == "" && res.Evidence != "":
			all = append(all, setting{r.key, res.Versions.String(), res.Evidence})
		case flag != "" && r.file != "" && slices.Contains([]string{"prefix", "exclude", "ignore"}, r.key):
			all = append(all, setting{r.key, r.file + ", " + flag, name + ", --" + r.flag})
		case flag != "":
			all = append(all, setting{r.key, flag, "--" + r.flag})
		case r.file != "":
			all = append(all, setting{r.key, r.file, name})
		default:
			all = append(all, setting{r.key, r.usual, "default"})
		}
	}
	for _, o := range file.Overrides {
		all = append(all, setting{"overrides", "for " + strings.Join(o.Files, ", "), name})
	}
	for _, f := range c.disk.later.files {
		all = append(all, setting{"settings", c.shownPath(f.Path), "the nearest file for " + c.shownPath(filepath.Dir(f.Path))})
	}
	return all
}

// flagText returns the value of a flag, or "".
func (c *command) flagText(name string) string {
	if name == "" || !c.IsSet(name) {
		return ""
	}
	if values := c.StringSlice(name); len(values) > 0 {
		return strings.Join(values, ", ")
	}
	return c.String(name)
}

// shownPath returns a path as the user sees it.
func (c *command) shownPath(path string) string {
	if path == "" {
		return ""
	}
	if name, err := c.disk.name(realName(path)); err == nil {
		return c.disk.shown(name)
	}
	return path
}

func contextList(all []lint.ContextOf) string {
	var list []string
	for _, c := range all {
		list = append(list, c.Files+" in "+c.Context)
	}
	return strings.Join(list, ", ")
}

func suppressed(o lint.Override) []string {
	var list []string
	for _, s := range o.Suppress {
		list = append(list, s.Rule+" ("+s.Reason+")")
	}
	return list
}

func severityList(all map[string]rules.Severity) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, name+" is "+all[name].String())
	}
	return strings.Join(list, ", ")
}

func locationList(o lint.Override, webSocket bool) string {
	var list []string
	for _, l := range o.Locations {
		if l.WebSocket == webSocket {
			list = append(list, l.Location)
		}
	}
	return strings.Join(list, ", ")
}
