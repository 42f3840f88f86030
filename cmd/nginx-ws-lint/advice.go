package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// advice says what to run next, or "".
func (c *command) advice(res *lint.Result, findings []rules.Finding) string {
	n := report.Count(findings)
	safe, unsafe, flags := n.Fixable, n.Unsafe, ""
	if c.Bool("unsafe-fixes") {
		safe, unsafe, flags = safe+unsafe, 0, "--unsafe-fixes "
	}
	fixable, fix := "can be fixed", " --fix"
	if c.stdin { // --fix cannot write a dump back
		fix = ""
	}
	switch {
	case c.Bool("fix"): // what is safe and still there was not proven: a note says so
		return unsafeHint(unsafe, fixable, fix)
	case c.Bool("diff") && len(res.Patches) > 0:
		return unsafeHint(unsafe, "more", fix)
	case c.Bool("diff"):
		return unsafeHint(unsafe, fixable, fix)
	case safe > 0:
		if fix != "" {
			fixable += " with" + strings.TrimRight(fix+" "+flags, " ")
		}
		return join(fmt.Sprintf("%d %s", safe, fixable), unsafeHint(unsafe, "more", fix), c.diffHint(flags))
	case unsafe > 0:
		return join(unsafeHint(unsafe, fixable, fix), c.diffHint("--unsafe-fixes "))
	case len(findings) > 0:
		return "for details: nginx-ws-lint explain " + findings[0].Rule.Name
	}
	return ""
}

// join puts parts of an advice on one line, or where that is wider than usual
// terminals on one each.
func join(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	if line := strings.Join(parts, "; "); len(line) < 80 {
		return line
	}
	return strings.Join(parts, "\n")
}

// unsafeHint says what only unsafe fixes fix.
func unsafeHint(n int, what, fix string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d %s with%s --unsafe-fixes, which may change non-WebSocket requests", n, what, fix)
}

// diffHint says how to see the patch before it is written.
func (c *command) diffHint(flags string) string {
	if line := c.rerun("--diff " + flags); line != "" {
		return "preview the patch: " + line
	}
	return strings.TrimSpace("preview the patch with --diff " + flags)
}

// rerun is this command with other flags, to be copied; "" where it is too long
// for that, or had flags that matter.
func (c *command) rerun(flags string) string {
	for _, name := range c.LocalFlagNames() {
		switch name {
		case "color", "fail-on", "unsafe-fixes", "watch":
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
	if len(line) > 120 {
		return ""
	}
	return strings.TrimSpace(line)
}

// plainInShell are the characters that mean themselves to every shell.
const plainInShell = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+,"
