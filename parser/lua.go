package parser

import "strings"

// skipLua returns the offset after the brace that closes a Lua block whose body
// starts at pos, as OpenResty finds it: braces in Lua's strings, comments and long
// brackets do not count. If the block is never closed, it returns the end of the text
// and false.
func skipLua(text string, pos int) (int, bool) {
	depth := 1
	for pos < len(text) {
		switch c := text[pos]; c {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return pos + 1, true
			}
		case '"', '\'':
			pos = skipLuaString(text, pos)
			continue
		case '[':
			if end := skipLongBracket(text, pos); end > 0 {
				pos = end
				continue
			}
		case '-':
			if strings.HasPrefix(text[pos:], "--") {
				pos = skipLuaComment(text, pos)
				continue
			}
		}
		pos++
	}
	return len(text), false
}

// skipLuaString skips a string in quotes. The end of the line closes it too: Lua
// refuses such a string, but the block's end can still be found.
func skipLuaString(text string, pos int) int {
	quote := text[pos]
	for pos++; pos < len(text); pos++ {
		switch text[pos] {
		case '\\':
			pos++
		case quote, '\n':
			return pos + 1
		}
	}
	return len(text)
}

func skipLuaComment(text string, pos int) int {
	if end := skipLongBracket(text, pos+2); end > 0 {
		return end
	}
	if n := strings.IndexByte(text[pos:], '\n'); n >= 0 {
		return pos + n
	}
	return len(text)
}

// skipLongBracket skips [[ ... ]], [=[ ... ]=] and so on. It returns 0 if none begins
// at pos or if it is not closed.
func skipLongBracket(text string, pos int) int {
	if pos >= len(text) || text[pos] != '[' {
		return 0
	}
	level := pos + 1
	for level < len(text) && text[level] == '=' {
		level++
	}
	if level >= len(text) || text[level] != '[' {
		return 0
	}
	closing := "]" + text[pos+1:level] + "]"
	if n := strings.Index(text[level:], closing); n >= 0 {
		return level + n + len(closing)
	}
	return 0
}

// Script returns the Lua of a *_by_lua directive without its comments. It reports false
// if the script is in a file.
func (d *Directive) Script() (text string, ok bool) {
	if d.Block != nil {
		return withoutLuaComments(d.Block.Body().Text()), d.Block.Lua
	}
	last := d.ParamCount() - 1
	if strings.HasPrefix(d.Name(), "set_by_lua") {
		last = 1
	}
	return withoutLuaComments(d.Param(last)), strings.HasSuffix(d.Name(), "_by_lua")
}

// withoutLuaComments removes the comments of a script.
func withoutLuaComments(text string) string {
	if !strings.Contains(text, "--") {
		return text
	}
	var b strings.Builder
	for pos := 0; pos < len(text); {
		end := pos + 1
		switch c := text[pos]; {
		case c == '"' || c == '\'':
			end = skipLuaString(text, pos)
		case c == '[' && skipLongBracket(text, pos) > 0:
			end = skipLongBracket(text, pos)
		case c == '-' && strings.HasPrefix(text[pos:], "--"):
			pos = skipLuaComment(text, pos)
			continue
		}
		b.WriteString(text[pos:end])
		pos = end
	}
	return b.String()
}
