package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// advice suggests what to run next, or returns "".
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
	case c.Bool("fix"): // a safe fix that is left was not proven, and a note says so
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

// join joins parts of the advice on one line, or puts each on its own line if that
// would be too wide for most terminals.
func join(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	if line := strings.Join(parts, "; "); len(line) < 80 {
		return line
	}
	return strings.Join(parts, "\n")
}

// unsafeHint says how many findings only unsafe fixes can fix.
func unsafeHint(n int, what, fix string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d %s with%s --unsafe-fixes, which may change non-WebSocket requests", n, what, fix)
}

// diffHint says how to preview the patch.
func (c *command) diffHint(flags string) string {
	if line := c.rerun("--diff " + flags); line != "" {
		return "preview the patch: " + line
	}
	return strings.TrimSpace("preview the patch with --diff " + flags)
}

// rerun returns this command with other flags, to be copied, or "" if it would be too
// long or had flags that matter.
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

// plainInShell lists the characters that no shell treats specially.
const plainInShell = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+,"
