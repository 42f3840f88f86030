package main

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// advice says what to run next, or "".
func (c *command) advice(res *lint.Result, findings []rules.Finding) string {
	n := report.Count(findings)
	safe, unsafe := n.Fixable, n.Unsafe
	if c.Bool("unsafe-fixes") {
		safe, unsafe = safe+unsafe, 0
	}
	switch {
	case c.Bool("fix"): // what is safe and still there was not proven: that has been told
		return price(unsafe, "")
	case c.Bool("diff") && len(res.Patches) == 0:
		return price(unsafe, "")
	case c.Bool("diff"):
		return price(unsafe, "more ")
	case safe > 0 && unsafe > 0:
		return fmt.Sprintf("%d can be mended: %s; %s", safe, c.mending(""), price(unsafe, "more "))
	case safe > 0:
		return fmt.Sprintf("%d can be mended: %s", safe, c.mending(""))
	case unsafe > 0:
		return fmt.Sprintf("%s: %s", price(unsafe, ""), c.mending("--unsafe-fixes "))
	case len(findings) > 0:
		return "nginx-ws-lint explain " + findings[0].Rule.Name + " says more"
	}
	return ""
}

// price says what only unsafe fixes mend.
func price(n int, more string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d %swith --unsafe-fixes, which change what plain requests get", n, more)
}

// mending says which command shows the patch, and which writes it.
func (c *command) mending(flags string) string {
	shows := c.same("--diff " + flags)
	if shows == "" {
		shows = strings.TrimSpace("the same with --diff " + flags)
	}
	if shows += " shows the patch"; c.stdin {
		return shows
	}
	return shows + ", --fix writes it"
}

// same is this command with other flags, to be copied; "" where it is too long
// for that, or had flags that matter.
func (c *command) same(flags string) string {
	for _, name := range c.LocalFlagNames() {
		switch name {
		case "color", "fail-on", "statistics", "unsafe-fixes", "watch":
		default:
			return ""
		}
	}
	line := "nginx-ws-lint " + flags
	for _, path := range c.Args().Slice() {
		if path == "" || strings.HasPrefix(path, "-") && path != "-" || strings.Trim(path, plainInShell) != "" {
			return ""
		}
		line += path + " "
	}
	if len(line) > 60 {
		return ""
	}
	return strings.TrimSpace(line)
}

// plainInShell are the characters that mean themselves to every shell.
const plainInShell = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+,"
