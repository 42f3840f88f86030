package report

import (
	"bufio"
	"fmt"
	"io"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// changeTitles introduce the changes of a kind.
var changeTitles = map[lint.ChangeKind]string{
	lint.NewlyRefused:  "%s refuses",
	lint.StopsPassing:  "handshakes that stop passing on %s",
	lint.NewlyReported: "reported for %s alone",
	lint.NewDefault:    "other defaults on %s",
	lint.StartsPassing: "handshakes that start passing on %s",
	lint.NotReported:   "not reported for %s any more",
}

// Upgrade writes what changes between two versions for people.
func Upgrade(w io.Writer, u *lint.Upgrade, opt Options) error {
	b := bufio.NewWriter(w)
	t := text{b, opt}
	last := lint.ChangeKind("")
	for _, c := range u.Changes {
		if c.Kind != last {
			if last != "" {
				fmt.Fprintln(b)
			}
			fmt.Fprintln(b, t.paint(bold, fmt.Sprintf(changeTitles[c.Kind], u.To.Title())+":"))
			last = c.Kind
		}
		about := ""
		if c.Location != "" {
			about = Clean(c.Location) + ": "
		}
		if c.Places > 1 {
			about = fmt.Sprintf("%s and %d more: ", Clean(c.Location), c.Places-1)
		}
		fmt.Fprintf(b, "%s: %s%s\n", t.place(c.Span), about, Clean(c.Message))
	}
	if len(u.Changes) == 0 {
		fmt.Fprintf(b, "nothing changes for WebSockets from %s to %s\n", u.From.Title(), u.To.Title())
	}
	return b.Flush()
}

// The document that UpgradeJSON writes.
type (
	jsonUpgrade struct {
		Version int          `json:"version"`
		From    jsonRelease  `json:"from"`
		To      jsonRelease  `json:"to"`
		Changes []jsonChange `json:"changes"`
	}
	jsonRelease struct {
		Nginx   string `json:"nginx_version"`
		Dialect string `json:"dialect"`
		Own     string `json:"dialect_version"`
	}
	jsonChange struct {
		Kind     string `json:"kind"`
		Harmful  bool   `json:"harmful"`
		File     string `json:"file"`
		Line     int    `json:"line"`
		Column   int    `json:"column"`
		Location string `json:"location"`
		Places   int    `json:"places"`
		Message  string `json:"message"`
	}
)

// UpgradeJSON writes what changes between two versions for programs.
func UpgradeJSON(w io.Writer, u *lint.Upgrade, opt Options) error {
	doc := jsonUpgrade{Version: 1, Changes: []jsonChange{}}
	doc.From = jsonRelease{u.From.Base(), u.From.Dialect.String(), u.From.Number()}
	doc.To = jsonRelease{u.To.Base(), u.To.Dialect.String(), u.To.Number()}
	for _, c := range u.Changes {
		at := c.Span.File.Position(c.Span.Start)
		doc.Changes = append(doc.Changes, jsonChange{
			Kind: string(c.Kind), Harmful: c.Harmful(), File: opt.Shown(c.Span.File.Name), Line: at.Line, Column: at.Column,
			Location: c.Location, Places: c.Places, Message: c.Message,
		})
	}
	return writeJSON(w, doc)
}
