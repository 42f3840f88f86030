package deploy

import "strings"

// A lookup returns the value of a variable, and whether it is set and known.
type lookup func(name string) (string, bool)

// maxInterpolated limits what a text becomes: values can contain values.
const maxInterpolated = 64 << 10

// interpolate replaces the variables of a text as Compose does ($X, ${X}, ${X:-word},
// $$), or with shell as a Dockerfile does (\$ instead of $$). known is false if the
// value of a variable is not known; it is empty then.
func interpolate(text string, vars lookup, shell bool) (result string, known bool) {
	if strings.IndexByte(text, '$') < 0 && !(shell && strings.IndexByte(text, '\\') >= 0) {
		return text, true
	}
	in := interpolation{vars: vars, shell: shell, known: true}
	in.expand(text, 0)
	return in.out.String(), in.known
}

type interpolation struct {
	vars  lookup
	shell bool
	out   strings.Builder
	known bool
}

func (in *interpolation) expand(text string, depth int) {
	for i := 0; i < len(text); {
		if in.out.Len() > maxInterpolated || depth > maxDepth {
			in.known = false
			return
		}
		switch c := text[i]; {
		case in.shell && c == '\\' && i+1 < len(text):
			in.out.WriteByte(text[i+1])
			i += 2
		case c != '$' || i+1 == len(text):
			in.out.WriteByte(c)
			i++
		case text[i+1] == '$' && !in.shell:
			in.out.WriteByte('$')
			i += 2
		case text[i+1] == '{':
			end := closing(text, i+2)
			in.braced(text[i+2:end], depth)
			i = min(end+1, len(text))
		default:
			name := variableName(text[i+1:])
			if name == "" {
				in.out.WriteByte('$')
			} else {
				in.write(in.vars(name))
			}
			i += 1 + len(name)
		}
	}
}

func (in *interpolation) write(value string, known bool) {
	in.known = in.known && known
	in.out.WriteString(value)
}

// braced writes what stands for ${text}.
func (in *interpolation) braced(text string, depth int) {
	name := variableName(text)
	operator, word := text[len(name):], ""
	value, set := in.vars(name)
	if strings.HasPrefix(operator, ":") {
		set, operator = set && value != "", operator[1:]
	}
	if operator != "" {
		operator, word = operator[:1], operator[1:]
	}
	switch {
	case operator == "-" && !set:
		in.expand(word, depth+1)
	case operator == "+":
		if set {
			in.expand(word, depth+1)
		}
	default:
		in.write(value, set)
	}
}

// closing returns where the brace closes that is open before a position.
func closing(text string, at int) int {
	for depth := 1; at < len(text); at++ {
		switch text[at] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return at
			}
		}
	}
	return len(text)
}

// variableName returns the name of a variable at the beginning of a text, or "".
func variableName(text string) string {
	for i := range len(text) {
		c := text[i]
		letter := c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return text[:i]
		}
	}
	return text
}

// dotenv reads the lines NAME=value of an .env file.
func dotenv(text []byte, file string) (all []Variable) {
	known := make(map[string]string)
	line := 0
	for row := range strings.Lines(string(text)) {
		line++
		row = strings.TrimPrefix(strings.TrimSpace(row), "export ")
		name, value, ok := strings.Cut(row, "=")
		name = strings.TrimSpace(name)
		if !ok || name == "" || variableName(name) != name {
			continue
		}
		value, sure := dotenvValue(strings.TrimSpace(value), known)
		known[name] = value
		all = append(all, Variable{name, value, sure, Place{file, line}})
	}
	return all
}

// dotenvValue reads the value of a line of an .env file.
func dotenvValue(value string, known map[string]string) (string, bool) {
	if len(value) >= 2 && (value[0] == '\'' || value[0] == '"') {
		quote := value[0]
		end := strings.IndexByte(value[1:], quote)
		if end < 0 { // it goes on in the next line
			return "", false
		}
		if value = value[1 : 1+end]; quote == '\'' {
			return value, true
		}
	} else if i := strings.Index(value, " #"); i >= 0 {
		value = strings.TrimSpace(value[:i])
	}
	return interpolate(value, func(name string) (string, bool) { v, ok := known[name]; return v, ok }, false)
}
