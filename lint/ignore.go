package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/spell"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// An ignore is a comment that suppresses rules.
type ignore struct {
	span   parser.Span
	line   int // the line on which it applies; 0 for the whole file
	rules  []string
	reason string
	used   map[string]bool
}

var (
	annotation = lazyregexp.New(`^#+\s*nginx-ws-lint:\s*(\S*)\s*(.*?)\s*$`)
	uncoloned  = lazyregexp.New(`^#+\s*nginx-ws-lint\s+(ignore|ignore-file|websocket|not-websocket|context)\b`)
	listed     = lazyregexp.New(`^([^\s,]+(?:\s*,\s*[^\s,]+)*)\s*(.*)$`)
	annotated  = []string{"ignore", "ignore-file", "websocket", "not-websocket", "context"}
)

// ignores returns those of a file's comments that suppress rules, and the mistakes in
// those that do not.
func ignores(f *parser.File, comments []parser.Span) (all []*ignore, wrong []rules.Finding) {
	var next []int // the lines below comments
	for i, span := range comments {
		if !strings.Contains(span.Text(), parser.MarkName) {
			continue
		}
		m := annotation().FindStringSubmatch(span.Text())
		if m == nil {
			if m = uncoloned().FindStringSubmatch(span.Text()); m != nil {
				wrong = append(wrong, unused(span, fmt.Sprintf("the comment has no effect: a colon is missing (# nginx-ws-lint: %s)", m[1])))
			}
			continue
		}
		if !slices.Contains(annotated, m[1]) {
			wrong = append(wrong, unused(span, unknownAnnotation(m[1])))
		}
		if m[1] != "ignore" && m[1] != "ignore-file" {
			continue
		}
		names, reason := ruleList(m[2])
		ig := &ignore{span: span, rules: names, reason: strings.TrimSpace(reason), used: make(map[string]bool)}
		if problem := ig.problem(); problem != "" {
			wrong = append(wrong, unused(span, problem))
			continue
		}
		if m[1] == "ignore" {
			if next == nil {
				next = linesBelow(f, comments)
			}
			if ig.line = f.Position(span.Start).Line; alone(f, span) {
				ig.line = next[i]
			}
		}
		all = append(all, ig)
	}
	return all, wrong
}

// ruleList splits a comment into its rules, separated by commas, and the reason after
// them.
func ruleList(s string) (names []string, reason string) {
	m := listed().FindStringSubmatch(s)
	if m == nil {
		return []string{""}, ""
	}
	for name := range strings.SplitSeq(m[1], ",") {
		names = append(names, strings.TrimSpace(name))
	}
	return names, m[2]
}

func unknownAnnotation(word string) string {
	if meant := spell.Name(word, annotated); meant != "" {
		return fmt.Sprintf("%q is not a known word here; did you mean %s?", word, meant)
	}
	return fmt.Sprintf("%q is not a known word here; use one of %s", word, strings.Join(annotated, ", "))
}

// problem says why a comment suppresses nothing.
func (ig *ignore) problem() string {
	for _, name := range ig.rules {
		if name == "" {
			return "nothing is ignored: the rule name is missing"
		}
		if _, err := rules.Find(name); err != nil {
			return "nothing is ignored: " + err.Error()
		}
	}
	if ig.reason == "" {
		return "nothing is ignored: the reason is missing (# nginx-ws-lint: ignore RULE REASON)"
	}
	return ""
}

// linesBelow returns for each comment the next line that is not another comment. A
// comment on its own line applies to that line.
func linesBelow(f *parser.File, comments []parser.Span) []int {
	below := make([]int, len(comments))
	for i := len(below) - 1; i >= 0; i-- {
		below[i] = f.Position(comments[i].Start).Line + 1
		if i+1 < len(below) && f.Position(comments[i+1].Start).Line == below[i] && alone(f, comments[i+1]) {
			below[i] = below[i+1]
		}
	}
	return below
}

// alone reports whether a comment is the only thing on its line.
func alone(f *parser.File, comment parser.Span) bool {
	for i := comment.Start - 1; i >= 0 && f.Src[i] != '\n'; i-- {
		if strings.IndexByte(" \t\r\v\f", f.Src[i]) < 0 {
			return false
		}
	}
	return true
}

func unused(span parser.Span, message string) rules.Finding {
	return rules.Finding{Rule: rules.UnusedIgnore, Severity: rules.Warning, Span: span, Message: message, Places: 1}
}

// suppress removes the findings that comments and settings suppress, and adds
// findings about comments and settings that suppress nothing.
func (j *judge) suppress(w *workspace, findings []rules.Finding) (left []rules.Finding, silenced []Suppressed) {
	byFile := make(map[*parser.File][]*ignore)
	used := make(map[*Suppression]bool)
	first := make(map[silencedAt]*ignore)
	for _, f := range w.allFiles() {
		all, wrong := ignores(f, w.comments(f))
		if len(all) > 0 {
			byFile[f] = all
			index(first, f, all)
		}
		if len(wrong) > 0 && w.judged(f) && j.runs(rules.UnusedIgnore, f) {
			left = append(left, wrong...)
		}
	}
	for _, finding := range findings {
		if ig := silencing(first, finding); ig != nil {
			silenced = append(silenced, Suppressed{Finding: finding, Reason: ig.reason})
			continue
		}
		if s := j.suppressing(finding); s != nil {
			used[s] = true
			silenced = append(silenced, Suppressed{Finding: finding, Reason: s.Reason, By: BySettings})
			continue
		}
		left = append(left, finding)
	}
	left = append(left, j.unusedSuppressions(w, used)...)
	for f, all := range byFile {
		if !w.judged(f) || !j.runs(rules.UnusedIgnore, f) {
			continue
		}
		for _, ig := range all {
			if finding, idle := j.idle(w, ig); idle {
				left = append(left, finding)
			}
		}
	}
	sortFindings(left)
	return left, silenced
}

// A silencedAt is the place where a rule is suppressed: a line, or 0 for the whole
// file.
type silencedAt struct {
	file *parser.File
	line int
	rule string
}

// index records the first comment that suppresses a rule at a place.
func index(first map[silencedAt]*ignore, f *parser.File, all []*ignore) {
	for _, ig := range all {
		for _, rule := range ig.rules {
			if at := (silencedAt{f, ig.line, rule}); first[at] == nil {
				first[at] = ig
			}
		}
	}
}

// silencing returns the comment that suppresses a finding, or nil.
func silencing(first map[silencedAt]*ignore, finding rules.Finding) *ignore {
	f, rule := finding.Span.File, finding.Rule.Name
	if !f.Annotated() && f.Masked() == nil {
		return nil
	}
	ig := first[silencedAt{f, f.Position(finding.Span.Start).Line, rule}]
	if whole := first[silencedAt{f, 0, rule}]; ig == nil || whole != nil && whole.span.Start < ig.span.Start {
		ig = whole
	}
	if ig != nil {
		ig.used[rule] = true
	}
	return ig
}

// idle returns the rules of a comment that were run and found nothing.
func (j *judge) idle(w *workspace, ig *ignore) (rules.Finding, bool) {
	var idle []string
	for _, name := range ig.rules {
		if r, err := rules.Find(name); err == nil && !ig.used[name] && j.runs(r, ig.span.File) {
			idle = append(idle, name)
		}
	}
	if len(idle) == 0 {
		return rules.Finding{}, false
	}
	finding := unused(ig.span, fmt.Sprintf("%s reports nothing here; remove the comment, or it will hide the next real mistake", strings.Join(idle, " and ")))
	if len(idle) == len(ig.rules) && w.editable(ig.span.File) {
		finding.Fixes = []fixer.Fix{{Message: "remove the comment", Safety: fixer.Safe, Edits: []fixer.Edit{{Span: removable(ig.span)}}}}
	}
	return finding, true
}

// removable returns the text to delete with a comment: its whole line if the comment
// is alone on it, else the white space before it.
func removable(comment parser.Span) parser.Span {
	f := comment.File
	line := f.LineSpan(f.Position(comment.Start).Line)
	if !alone(f, comment) {
		for comment.Start > line.Start && (f.Src[comment.Start-1] == ' ' || f.Src[comment.Start-1] == '\t') {
			comment.Start--
		}
		return comment
	}
	end := comment.End
	for end < len(f.Src) && f.Src[end-1] != '\n' {
		end++
	}
	return parser.Span{File: f, Start: line.Start, End: end}
}
