package main

import (
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/nginx-ws-lint/nginx-ws-lint/report"
)

// columns returns the width of the terminal that is written to, or 0 if it is not a
// terminal.
func columns(w io.Writer) int {
	f, ok := terminal(w)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		return 80
	}
	return max(report.MinWidth, width)
}

// supportsEscapes reports whether the terminal supports escape sequences. The console of
// Windows does in Windows Terminal or with a shell that sets TERM.
func supportsEscapes() bool {
	if name := os.Getenv("TERM"); name != "" || runtime.GOOS != "windows" {
		return name != "dumb"
	}
	return os.Getenv("WT_SESSION") != ""
}

// supportsLinks reports whether the terminal is known to support links (OSC 8). The
// variables are those that supports-hyperlinks checks, like cargo and others; in tmux
// and screen they describe the outer terminal.
func supportsLinks() bool {
	if force, ok := os.LookupEnv("FORCE_HYPERLINK"); ok {
		return force != "0" && force != ""
	}
	if os.Getenv("TMUX") != "" || os.Getenv("STY") != "" {
		return false
	}
	if vte, err := strconv.Atoi(os.Getenv("VTE_VERSION")); err == nil && vte >= 5000 {
		return true // GNOME Terminal and its kin, from 0.50 on
	}
	switch os.Getenv("TERM_PROGRAM") {
	case "iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper":
		return true
	}
	name := os.Getenv("TERM")
	return strings.HasPrefix(name, "xterm-kitty") || strings.HasPrefix(name, "alacritty") ||
		os.Getenv("WT_SESSION") != "" || os.Getenv("KONSOLE_VERSION") != ""
}

// reportOptions sets width, colour and links. Without colour the output has no escape
// sequences.
func reportOptions(c *cli.Context, d disk, toStdout bool) (report.Options, error) {
	opt := report.Options{Shown: d.shown, Version: versionString()}
	if toStdout {
		opt.Width = min(columns(c.App.Writer), 120)
	}
	switch color := c.String("color"); color {
	case "auto":
		opt.Color = opt.Width > 0 && os.Getenv("NO_COLOR") == "" && supportsEscapes()
	case "always":
		opt.Color = true
	case "never":
	default:
		return opt, badValue("color", color, []string{"auto", "always", "never"})
	}
	opt.Links = opt.Color && opt.Width > 0 && supportsLinks()
	return opt, nil
}
