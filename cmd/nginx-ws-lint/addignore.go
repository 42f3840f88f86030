package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// ignoreReason is the reason of --add-ignore without --reason.
const ignoreReason = "TODO: explain"

// checkAddIgnore checks the flags that are combined with --add-ignore.
func (c *command) checkAddIgnore() error {
	switch {
	case !c.Bool("add-ignore"):
		if c.IsSet("reason") {
			return errors.New("--reason needs --add-ignore")
		}
		return nil
	case c.Bool("fix"), c.Bool("unsafe-fixes"), c.IsSet("write-baseline"), c.Bool("watch"):
		return errors.New("--add-ignore cannot be combined with --fix, --unsafe-fixes, --write-baseline or --watch")
	}
	if reason := strings.TrimSpace(c.String("reason")); c.IsSet("reason") && (reason == "" || !plainText(reason)) {
		return errors.New("--reason: must be one line of text")
	}
	return nil
}

// addIgnores writes a comment above each finding, or with --diff prints the patch.
func (c *command) addIgnores(res *lint.Result) error {
	reason := ignoreReason
	if c.IsSet("reason") {
		reason = strings.TrimSpace(c.String("reason"))
	}
	patches, left := ignorePatches(res, reason)
	ignored := len(res.Findings) - len(left)
	switch {
	case c.Bool("diff"):
		if err := c.printDiff(patches); err != nil {
			return err
		}
	case c.stdin:
		res.Patches = patches
		if err := c.printFixed(res); err != nil {
			return err
		}
	default:
		if err := c.write(patches, "wrote"); err != nil {
			return err
		}
	}
	for _, f := range left {
		s := f.Span
		c.say("note: %s:%s: no comment added for %s: a comment cannot go there\n", report.Clean(c.disk.shown(s.File.Name)), s.File.Position(s.Start), f.Rule.Name)
	}
	c.printNotes(res)
	c.say("%s ignored by comments, %d left\n", report.Plural(ignored, "finding"), len(left))
	if c.Bool("diff") && len(patches) > 0 || len(left) > 0 {
		return errFindings
	}
	return c.verdict(&lint.Result{Notes: res.Notes})
}

// ignorePatches returns the patches that add comments, and the findings that no
// comment can be added for.
func ignorePatches(res *lint.Result, reason string) (patches []fixer.Patch, left []rules.Finding) {
	byLine := make(map[*parser.File]map[int][]rules.Finding)
	for _, f := range res.Findings {
		file := f.Span.File
		if f.Rule == rules.UnusedIgnore || !slices.Contains(res.Files, file) || !res.Judged(file) {
			left = append(left, f)
			continue
		}
		if byLine[file] == nil {
			byLine[file] = make(map[int][]rules.Finding)
		}
		line := file.Position(f.Span.Start).Line
		byLine[file][line] = append(byLine[file][line], f)
	}
	for _, file := range res.Files {
		if len(byLine[file]) == 0 {
			continue
		}
		text := withComments(file, byLine[file], reason)
		if !onlyComments(file, text, len(byLine[file])) { // a comment cannot be added above some line
			for line, found := range byLine[file] {
				alone := map[int][]rules.Finding{line: found}
				if !onlyComments(file, withComments(file, alone, reason), 1) {
					left = append(left, found...)
					delete(byLine[file], line)
				}
			}
			text = withComments(file, byLine[file], reason)
		}
		if len(byLine[file]) > 0 {
			patches = append(patches, fixer.Patch{File: file, New: text})
		}
	}
	return patches, left
}

// withComments returns a file's text with comments above some lines that ignore the
// findings there.
func withComments(file *parser.File, byLine map[int][]rules.Finding, reason string) []byte {
	end := "\n"
	if bytes.Contains(file.Src, []byte("\r\n")) {
		end = "\r\n"
	}
	var b bytes.Buffer
	from := 0
	for _, line := range slices.Sorted(maps.Keys(byLine)) {
		var names []string
		for _, f := range byLine[line] {
			if !slices.Contains(names, f.Rule.Name) {
				names = append(names, f.Rule.Name)
			}
		}
		span := file.LineSpan(line)
		content := span.Text()
		indent := content[:len(content)-len(strings.TrimLeft(content, " \t"))]
		b.Write(file.Src[from:span.Start])
		fmt.Fprintf(&b, "%s# %s ignore %s %s%s", indent, parser.Mark, strings.Join(names, ","), reason, end)
		from = span.Start
	}
	b.Write(file.Src[from:])
	return b.Bytes()
}

// onlyComments reports whether text is the file plus so many comments. It is not if a
// line begins inside a word, such as a quoted string.
func onlyComments(file *parser.File, text []byte, more int) bool {
	after := parser.Parse(file.Name, text)
	return len(after.Comments) == len(file.Comments)+more && sameDirectives(file.Root, after.Root)
}

// sameDirectives reports whether two blocks have the same directives.
func sameDirectives(a, b *parser.Block) bool {
	return slices.EqualFunc(a.Directives, b.Directives, func(x, y *parser.Directive) bool {
		return x.Words() == y.Words() && (x.Block == nil) == (y.Block == nil) && (x.Block == nil || sameDirectives(x.Block, y.Block))
	})
}
