package lint

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/deploy"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// deploymentFindings returns the findings about descriptions of containers, and about
// what their commands and entrypoints do.
func (j *judge) deploymentFindings(w *workspace) []rules.Finding {
	return slices.Concat(j.emptied(w), j.unreplaced(w), j.unrendered(w))
}

// emptied returns the findings about commands of the deployed that replace nginx's own
// variables by nothing.
func (j *judge) emptied(w *workspace) (all []rules.Finding) {
	w.eachEmptied(func(file *parser.File, e deploy.Emptied, names []string) {
		f := rules.Finding{Rule: rules.RefusedDirective, Severity: rules.Error, Span: lineOf(file, e.Place.Line), Places: 1, Message: emptiedMessage(names, e.All)}
		if j.reports(f) {
			j.decideSeverity(&f, nil)
			all = append(all, f)
		}
	})
	return all
}

// described returns a file that describes containers, or that these read, if findings in
// it are wanted; else nil.
func (w *workspace) described(name string) *parser.File {
	file, err := w.files.Read(name)
	if err != nil || !w.inRoots(file.Name) || w.policy.leavesOut(file) {
		return nil
	}
	return file
}

// emptyingFiles returns the files with such commands.
func (w *workspace) emptyingFiles() (files []*parser.File) {
	w.eachEmptied(func(file *parser.File, _ deploy.Emptied, _ []string) { files = append(files, file) })
	return files
}

// eachEmptied calls a function for each such command in the given paths, with the
// variables of nginx that it replaces.
func (w *workspace) eachEmptied(visit func(file *parser.File, e deploy.Emptied, names []string)) {
	seen := make(map[deploy.Place]bool)
	for _, d := range w.deployed {
		for _, e := range d.Empties {
			names := slices.DeleteFunc(slices.Clone(e.Names), func(name string) bool { return !model.Builtin(name) })
			file := w.described(e.Place.File)
			if file == nil || len(names) == 0 || seen[e.Place] {
				continue
			}
			seen[e.Place] = true
			visit(file, e, names)
		}
	}
}

// maxEmptied is how many variables a message names.
const maxEmptied = 2

func emptiedMessage(names, all []string) string {
	lost := "$" + strings.Join(names[:min(len(names), maxEmptied)], ", $")
	if n := len(names) - maxEmptied; n > 0 {
		lost += fmt.Sprintf(" and %d more", n)
	}
	remedy := "name the variables that it may replace"
	if meant := slices.DeleteFunc(slices.Clone(all), model.Builtin); len(meant) > 0 && len(meant) <= maxListed {
		remedy = "use envsubst '$" + strings.Join(meant, " $") + "'"
	}
	return fmt.Sprintf("envsubst without a list also replaces nginx's %s, by nothing: nginx refuses the configuration (invalid number of arguments), or sends empty headers where they are quoted; %s", lost, remedy)
}

// maxListed is how many variables a remedy names.
const maxListed = 5

// lineOf returns the span of a line without the white space around its text.
func lineOf(f *parser.File, line int) parser.Span {
	s := f.LineSpan(min(max(line, 1), f.Position(len(f.Src)).Line))
	text := f.Src[s.Start:s.End]
	s.End = s.Start + len(bytes.TrimRight(text, " \t\r"))
	s.Start = min(s.Start+len(text)-len(bytes.TrimLeft(text, " \t")), s.End)
	return s
}
