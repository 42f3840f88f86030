package deploy

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// An instruction is one instruction of a Dockerfile.
type instruction struct {
	name  string   // in upper case
	flags []string // --name=value
	text  string   // what follows the flags
	docs  []heredoc
	line  int
}

// A heredoc is a text in the Dockerfile itself.
type heredoc struct {
	name   string
	quoted bool // nothing in it is replaced
	text   string
}

// maxInstructions limits how many instructions of a Dockerfile are read.
const maxInstructions = 10_000

// readDockerfile splits a Dockerfile into its instructions, as BuildKit does: lines
// can be continued, comments and empty lines between them are dropped, and heredocs
// follow their instruction.
func readDockerfile(text []byte) (all []instruction) {
	lines := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	escape := escapeOf(lines)
	for i := 0; i < len(lines) && len(all) < maxInstructions; {
		start := i
		var logical []string
		for more := true; more && i < len(lines); i++ {
			line := lines[i]
			if trimmed := strings.TrimSpace(line); trimmed == "" && len(logical) > 0 || strings.HasPrefix(trimmed, "#") {
				more = len(logical) > 0
				continue
			}
			line = strings.TrimRight(line, " \t")
			if more = strings.HasSuffix(line, escape); more {
				line = strings.TrimSuffix(line, escape)
			}
			logical = append(logical, line)
		}
		in, ok := newInstruction(strings.TrimSpace(strings.Join(logical, "")), start+1)
		if !ok {
			continue
		}
		for n := range in.docs {
			i = in.docs[n].read(lines, i)
		}
		all = append(all, in)
	}
	return all
}

// escapeOf returns the character that continues a line.
func escapeOf(lines []string) string {
	for _, line := range lines {
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), "#")
		key, value, assigned := strings.Cut(rest, "=")
		if !ok || !assigned {
			break
		}
		if value = strings.TrimSpace(value); strings.EqualFold(strings.TrimSpace(key), "escape") && value == "`" {
			return value
		}
	}
	return `\`
}

// newInstruction reads an instruction from its text.
func newInstruction(text string, line int) (in instruction, ok bool) {
	name, rest := cutSpace(text)
	if name == "" {
		return in, false
	}
	in = instruction{name: strings.ToUpper(name), line: line}
	for strings.HasPrefix(rest, "--") {
		var flag string
		flag, rest = cutSpace(rest)
		in.flags = append(in.flags, flag)
	}
	in.text = rest
	if slices.Contains([]string{"COPY", "ADD", "RUN"}, in.name) {
		in.docs = heredocsOf(rest)
	}
	return in, true
}

// cutSpace cuts a text after its first word.
func cutSpace(text string) (first, rest string) {
	text = strings.TrimSpace(text)
	if i := strings.IndexAny(text, " \t"); i >= 0 {
		return text[:i], strings.TrimSpace(text[i:])
	}
	return text, ""
}

// heredocsOf returns the heredocs that a line announces: <<EOF, <<-EOF and <<'EOF'.
func heredocsOf(text string) (docs []heredoc) {
	for _, word := range strings.Fields(text) {
		i := strings.Index(word, "<<")
		if i < 0 || strings.HasPrefix(word[i:], "<<<") {
			continue
		}
		name := strings.TrimPrefix(word[i+2:], "-")
		bare := strings.Trim(name, `'"`)
		if bare != "" && strings.Trim(bare, "_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-") == "" {
			docs = append(docs, heredoc{name: bare, quoted: bare != name})
		}
	}
	return docs
}

// read reads the text of a heredoc from a line on, and returns the line after it.
func (h *heredoc) read(lines []string, i int) int {
	var text strings.Builder
	for ; i < len(lines); i++ {
		if strings.TrimLeft(lines[i], "\t") == h.name {
			i++
			break
		}
		text.WriteString(lines[i] + "\n")
	}
	h.text = text.String()
	return i
}

// flag returns the value of a flag, or "".
func (in *instruction) flag(name string) string {
	for _, f := range in.flags {
		if value, ok := strings.CutPrefix(f, "--"+name+"="); ok {
			return value
		}
	}
	return ""
}

// words are the words of an instruction: a JSON list, or separated by spaces.
func (in *instruction) words() (words []string, list bool) {
	if strings.HasPrefix(in.text, "[") && json.Unmarshal([]byte(in.text), &words) == nil {
		return words, true
	}
	return splitWords(in.text), false
}

// pairs reads NAME=value pairs, or NAME value, of ENV and ARG.
func (in *instruction) pairs(vars lookup, file string) (all []Variable) {
	words := quotedFields(in.text)
	if in.name == "ENV" && len(words) > 1 && !strings.Contains(words[0], "=") {
		value, known := interpolate(strings.TrimSpace(strings.TrimPrefix(in.text, words[0])), vars, true)
		return []Variable{{words[0], value, known, Place{file, in.line}}}
	}
	for _, word := range words {
		name, value, ok := strings.Cut(word, "=")
		value, known := interpolate(unquoted(value), vars, true)
		all = append(all, Variable{name, value, known && ok, Place{file, in.line}})
	}
	return all
}

// quotedFields splits a text at spaces outside of quotes and keeps the quotes.
func quotedFields(text string) (all []string) {
	quote, start := byte(0), -1
	for i := 0; i <= len(text); i++ {
		switch {
		case i == len(text) || quote == 0 && (text[i] == ' ' || text[i] == '\t'):
			if start >= 0 {
				all = append(all, text[start:i])
			}
			start = -1
			continue
		case text[i] == '\\' && quote != '\'' && i+1 < len(text):
			if start < 0 {
				start = i
			}
			i++
			continue
		case quote == 0 && (text[i] == '\'' || text[i] == '"'):
			quote = text[i]
		case text[i] == quote:
			quote = 0
		}
		if start < 0 {
			start = i
		}
	}
	return all
}

// unquoted removes the quotes around a value.
func unquoted(value string) string {
	if len(value) >= 2 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
		return value[1 : len(value)-1]
	}
	return value
}

// isDockerfile reports whether a file has the name of a Dockerfile.
func isDockerfile(name string) bool {
	name = strings.ToLower(path.Base(name))
	return strings.Contains(name, "dockerfile") || strings.Contains(name, "containerfile")
}
