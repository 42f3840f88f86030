package deploy

import (
	"slices"
	"strings"
)

// envsubst carries out envsubst, which replaces $NAME and ${NAME}: those in the list
// that it is given, or else all of them.
func (r *runner) envsubst(c *call) {
	var list []string
	given := false
	for i, w := range c.words {
		if i > 0 && (!strings.HasPrefix(w, "-") || c.vague[i]) {
			given, list = true, append(list, VariablesOf(w)...)
		}
	}
	source, unknown := r.tree.at(absolute(r.dir, c.in))
	known := c.in != "" && source != nil && !unknown && !r.tree.isDir(source)
	if !known || len(c.out) != 1 || c.out[0] == "?" {
		for _, out := range c.out {
			r.forgetFile(out)
		}
		return
	}
	text, ok := r.contents(source)
	if !given && ok {
		all := VariablesOf(string(text))
		names := slices.DeleteFunc(slices.Clone(all), r.env.has)
		place := r.place
		if r.inFile {
			place.Line += c.line - 1
		}
		r.empties = append(r.empties, Emptied{place, names, all})
		r.forgetFile(c.out[0])
		return
	}
	inText := VariablesOf(string(text))
	replaced := len(union(inText, list)) < len(inText)+len(union(list))
	if !ok || replaced || len(list) == 0 {
		r.forgetFile(c.out[0])
		return
	}
	n := r.tree.copy(source)
	n.place = r.place
	r.tree.put(absolute(r.dir, c.out[0]), n)
}

// contents returns the text of a file of a tree.
func (r *reader) contents(n *node) ([]byte, bool) {
	if n.link == "" {
		return n.text, n.text != nil
	}
	return r.text(n.link)
}

// VariablesOf returns the names that envsubst would replace in a text, each once.
func VariablesOf(text string) (names []string) {
	for {
		i := strings.IndexByte(text, '$')
		if i < 0 {
			return union(names)
		}
		text = text[i+1:]
		braced := strings.HasPrefix(text, "{")
		name := variableName(strings.TrimPrefix(text, "{"))
		if name == "" || braced && !strings.HasPrefix(text[1+len(name):], "}") {
			continue
		}
		names = append(names, name)
	}
}
