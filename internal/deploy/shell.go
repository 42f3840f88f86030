package deploy

import (
	"path"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// A call is a command of a shell script with its words. A word that depends on
// something unknown is in vague.
type call struct {
	words []string
	vague []bool
	in    string   // the file that it reads from, or ""
	out   []string // the files that it writes to
	line  int      // in the script, from 1
}

// name returns what is called, without its directory.
func (c *call) name() string {
	if len(c.words) == 0 {
		return ""
	}
	return path.Base(c.words[0])
}

// calls returns the commands of a script in order; ok is false if it cannot be read.
func calls(script string, vars lookup) (all []call, ok bool) {
	f, err := syntax.NewParser().Parse(strings.NewReader(script), "")
	if err != nil {
		return nil, false
	}
	s := shell{vars: vars, dir: "/"}
	syntax.Walk(f, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.BinaryCmd:
			if n.Op == syntax.Pipe {
				s.pipe(n)
				return false
			}
		case *syntax.Stmt:
			s.stmt(n, "")
		case *syntax.CmdSubst:
			return false // what it calls is not what the container does
		}
		return true
	})
	return s.all, true
}

type shell struct {
	vars lookup
	dir  string
	all  []call
}

// pipe adds the calls of a pipeline. The file that its first command prints is what
// the others read.
func (s *shell) pipe(n *syntax.BinaryCmd) {
	if x, ok := n.X.Cmd.(*syntax.BinaryCmd); ok {
		s.pipe(x)
	} else {
		s.stmt(n.X, "")
	}
	in := ""
	if last := len(s.all) - 1; last >= 0 && s.all[last].name() == "cat" && len(s.all[last].words) == 2 {
		in = s.all[last].words[1]
	}
	s.stmt(n.Y, in)
}

// stmt adds a call with its redirections.
func (s *shell) stmt(n *syntax.Stmt, in string) {
	c := call{in: in, line: int(n.Pos().Line())}
	for _, r := range n.Redirs {
		word, known := s.word(r.Word)
		switch r.Op {
		case syntax.RdrIn:
			c.in = word
		case syntax.RdrOut, syntax.AppOut, syntax.RdrClob, syntax.RdrAll, syntax.AppAll:
			if !known {
				word = "?"
			}
			c.out = append(c.out, word)
		}
	}
	if e, ok := n.Cmd.(*syntax.CallExpr); ok {
		for _, w := range e.Args {
			word, known := s.word(w)
			c.words, c.vague = append(c.words, word), append(c.vague, !known)
		}
	}
	c.unwrap()
	if len(c.words) > 0 || len(c.out) > 0 {
		s.all = append(s.all, c)
	}
}

// word returns the value of a word; known is false if it depends on something that is
// not known.
func (s *shell) word(w *syntax.Word) (value string, known bool) {
	if w == nil {
		return "", false
	}
	var b strings.Builder
	known = true
	s.parts(w.Parts, &b, &known, false)
	return b.String(), known
}

func (s *shell) parts(parts []syntax.WordPart, b *strings.Builder, known *bool, quoted bool) {
	for _, part := range parts {
		switch p := part.(type) {
		case *syntax.Lit:
			b.WriteString(unescaped(p.Value, quoted))
		case *syntax.SglQuoted:
			b.WriteString(p.Value)
		case *syntax.DblQuoted:
			s.parts(p.Parts, b, known, true)
		case *syntax.ParamExp:
			value, ok := "", false
			if p.Param != nil && p.Exp == nil && p.Index == nil && p.Slice == nil && p.Repl == nil {
				value, ok = s.vars(p.Param.Value)
			}
			b.WriteString(value)
			*known = *known && ok
		default:
			*known = false
		}
	}
}

// unescaped removes the backslashes of a text. In quotes only some are special.
func unescaped(text string, quoted bool) string {
	if strings.IndexByte(text, '\\') < 0 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && (!quoted || strings.IndexByte("$`\"\\\n", text[i+1]) >= 0) {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// splitWords splits a text into words as a shell would, without replacing anything.
func splitWords(text string) (words []string) {
	for _, field := range quotedFields(strings.ReplaceAll(text, "\n", " ")) {
		var b strings.Builder
		quote := byte(0)
		for i := 0; i < len(field); i++ {
			switch c := field[i]; {
			case c == '\\' && quote != '\'' && i+1 < len(field):
				i++
				b.WriteByte(field[i])
			case quote == 0 && (c == '\'' || c == '"'):
				quote = c
			case quote != 0 && c == quote:
				quote = 0
			default:
				b.WriteByte(c)
			}
		}
		words = append(words, b.String())
	}
	return words
}

// script returns the script that a command runs through a shell, or "".
func (a *argv) script() string {
	if a.shell != "" {
		return a.shell
	}
	if len(a.words) < 3 {
		return ""
	}
	switch path.Base(a.words[0]) {
	case "sh", "bash", "ash", "dash":
		for i, w := range a.words[1 : len(a.words)-1] {
			if strings.HasPrefix(w, "-") && strings.HasSuffix(w, "c") {
				return a.words[i+2]
			}
		}
	}
	return ""
}
