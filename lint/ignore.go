package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/near"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// An ignore is a comment that silences rules.
type ignore struct {
	span   parser.Span
	line   int // on which it silences; 0 for the whole file
	rules  []string
	reason string
	used   map[string]bool
}

var (
	annotation = regexp.MustCompile(`^#+\s*nginx-ws-lint:\s*(\S*)\s*(.*?)\s*$`)
	annotated  = []string{"ignore", "ignore-file", "websocket", "not-websocket", "context"}
)

// ignores returns the comments of a file that silence rules, and what is wrong
// with those that do not.
func ignores(f *parser.File) (all []*ignore, wrong []rules.Finding) {
	for i, span := range f.Comments {
		m := annotation.FindStringSubmatch(span.Text())
		if m == nil {
			continue
		}
		if !slices.Contains(annotated, m[1]) {
			wrong = append(wrong, unused(span, unknownAnnotation(m[1])))
		}
		if m[1] != "ignore" && m[1] != "ignore-file" {
			continue
		}
		names, reason, _ := strings.Cut(m[2], " ")
		ig := &ignore{span: span, rules: strings.Split(names, ","), reason: strings.TrimSpace(reason), used: make(map[string]bool)}
		if problem := ig.problem(); problem != "" {
			wrong = append(wrong, unused(span, problem))
			continue
		}
		if m[1] == "ignore" {
			ig.line = silenced(f, i)
		}
		all = append(all, ig)
	}
	return all, wrong
}

func unknownAnnotation(word string) string {
	if meant := near.Name(word, annotated); meant != "" {
		return fmt.Sprintf("%q means nothing here; did you mean %s?", word, meant)
	}
	return fmt.Sprintf("%q means nothing here; there are %s", word, strings.Join(annotated, ", "))
}

// problem says why a comment silences nothing.
func (ig *ignore) problem() string {
	for _, name := range ig.rules {
		if _, err := rules.Find(name); err != nil {
			return err.Error() + "; nothing is ignored"
		}
	}
	if ig.reason == "" {
		return "an ignore needs a reason behind the rule; nothing is ignored"
	}
	return ""
}

// silenced returns the line on which the i-th comment of a file silences: its
// own, or where it stands alone, the next line that is not another comment.
func silenced(f *parser.File, i int) int {
	line := f.Position(f.Comments[i].Start).Line
	if !alone(f, f.Comments[i]) {
		return line
	}
	for line++; i+1 < len(f.Comments) && f.Position(f.Comments[i+1].Start).Line == line && alone(f, f.Comments[i+1]); i++ {
		line++
	}
	return line
}

// alone reports whether a comment has its line for itself.
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

// suppress takes out of the findings what comments silence, and adds to them the
// comments that silence nothing.
func (j *judge) suppress(w *workspace, findings []rules.Finding) (left []rules.Finding, silenced []Suppressed) {
	byFile := make(map[*parser.File][]*ignore)
	for _, f := range w.allFiles() {
		all, wrong := ignores(f)
		if byFile[f] = all; w.judged(f) && j.runs(rules.UnusedIgnore.Name) {
			left = append(left, wrong...)
		}
	}
	for _, finding := range findings {
		if ig := silencing(byFile[finding.Span.File], finding); ig != nil {
			silenced = append(silenced, Suppressed{Finding: finding, Reason: ig.reason})
			continue
		}
		left = append(left, finding)
	}
	for f, all := range byFile {
		if !w.judged(f) || !j.runs(rules.UnusedIgnore.Name) {
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

// silencing returns the comment that silences a finding, or nil.
func silencing(all []*ignore, finding rules.Finding) *ignore {
	line := 0
	for _, ig := range all {
		if !slices.Contains(ig.rules, finding.Rule.Name) {
			continue
		}
		if line == 0 {
			line = finding.Span.File.Position(finding.Span.Start).Line
		}
		if ig.line == 0 || ig.line == line {
			ig.used[finding.Rule.Name] = true
			return ig
		}
	}
	return nil
}

func (j *judge) runs(name string) bool {
	return slices.ContainsFunc(j.rules, func(r *rules.Rule) bool { return r.Name == name })
}

// idle says which of a comment's rules found nothing, of those that were run.
func (j *judge) idle(w *workspace, ig *ignore) (rules.Finding, bool) {
	var idle []string
	for _, name := range ig.rules {
		if !ig.used[name] && j.runs(name) {
			idle = append(idle, name)
		}
	}
	if len(idle) == 0 {
		return rules.Finding{}, false
	}
	finding := unused(ig.span, fmt.Sprintf("%s finds nothing here: the comment silences nothing, and would silence the next mistake", strings.Join(idle, " and ")))
	if len(idle) == len(ig.rules) && w.editable(ig.span.File) {
		finding.Fixes = []fixer.Fix{{Message: "take the comment out", Safety: fixer.Safe, Edits: []fixer.Edit{{Span: removable(ig.span)}}}}
	}
	return finding, true
}

// removable is a comment with what goes with it: its line, where it has one for
// itself, else the white space before it.
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
