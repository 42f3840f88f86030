package deploy

import (
	"path"
	"slices"
	"strings"
)

// An Emptied is an envsubst without a list of variables: it also replaces nginx's own,
// by nothing.
type Emptied struct {
	Place Place
	Names []string // variables of the text that are not in the environment
	All   []string // all variables of the text
}

// harmlessCommands change no file's contents.
var harmlessCommands = strings.Fields(`mkdir touch chown chmod chgrp apk apt-get apt yum dnf microdnf addgroup adduser groupadd useradd usermod setcap set true
test [ export echo printf cat ls id which date ldconfig update-ca-certificates nginx npm yarn pnpm pip sleep exit local return find grep openssl`)

// run carries out what a RUN does to the tree.
func (b *build) run(in instruction) {
	script := in.text
	if words, list := in.words(); list {
		a := argv{words: words}
		if script = a.script(); script == "" {
			script = strings.Join(words, " ")
		}
	} else if docs := in.docs; len(docs) > 0 && strings.HasPrefix(script, "<<") {
		script = docs[0].text
	} else {
		for _, doc := range docs {
			script += "\n" + doc.text + doc.name
		}
	}
	r := &runner{reader: b.reader, tree: b.tree, env: b.env, vars: b.vars(), dir: b.workdir, place: Place{b.dockerfile, in.line}}
	r.runScript(script)
	b.empties = append(b.empties, r.empties...)
}

// A runner carries out scripts on a tree.
type runner struct {
	*reader
	tree    *tree
	env     environment
	vars    lookup
	dir     string
	place   Place    // of the script
	inFile  bool     // the script is a file of its own: lines count from its beginning
	active  []string // the scripts that call others
	started *flags   // of the last call of nginx that starts it
	empties []Emptied
}

// runScript carries out a script. If it cannot be read and mentions nginx, nothing is
// known about nginx's files any more.
func (r *runner) runScript(script string) {
	all, ok := calls(script, r.vars)
	if !ok {
		if strings.Contains(script, "/nginx") {
			r.tree.forget("/etc/nginx", r.place)
		}
		return
	}
	for i := range all {
		if !r.spend(1) { // nobody knows what the rest does
			r.tree.root.unknown = true
			return
		}
		r.call(&all[i])
	}
}

// call carries out one command.
func (r *runner) call(c *call) {
	operands := c.operands()
	switch c.name() {
	case "cd":
		if len(operands) == 1 {
			r.dir = absolute(r.dir, operands[0])
		}
	case "rm", "unlink":
		for _, name := range operands {
			for _, m := range r.tree.matching(absolute(r.dir, name)) {
				r.tree.remove(m.name)
			}
		}
	case "cp", "mv", "install":
		r.copy(operands, c.name() == "mv")
	case "ln":
		r.link(operands)
	case "envsubst":
		r.envsubst(c)
		return
	default:
		if !r.program(c) && !slices.Contains(harmlessCommands, c.name()) {
			r.forgetOperands(c)
		}
	}
	for _, out := range c.out {
		r.forgetFile(out)
	}
}

// operands are the words that are no options.
func (c *call) operands() (all []string) {
	for i, w := range c.words {
		if i > 0 && !strings.HasPrefix(w, "-") {
			all = append(all, w)
		}
	}
	return all
}

// forgetFile says that a file has been written.
func (r *runner) forgetFile(name string) {
	if name == "?" {
		r.tree.forget("/etc/nginx", r.place)
	} else if !strings.HasPrefix(name, "/dev/") && name != "" && name[0] != '&' {
		r.tree.forget(absolute(r.dir, name), r.place)
	}
}

// forgetOperands says that files which a command names may have been written.
func (r *runner) forgetOperands(c *call) {
	for i, w := range c.words {
		if i == 0 {
			continue
		}
		if j := strings.IndexByte(w, '='); j >= 0 && strings.HasPrefix(w, "-") {
			w = w[j+1:]
		}
		if c.vague[i] {
			if strings.Contains(w, "/nginx") {
				r.tree.forget("/etc/nginx", r.place)
			}
			continue
		}
		if !strings.Contains(w, "/") || strings.ContainsAny(w, " \n") {
			continue
		}
		name := absolute(r.dir, w)
		if n, _ := r.tree.at(name); n != nil || strings.HasPrefix(name, "/etc/nginx/") {
			r.tree.forget(name, r.place)
		}
	}
}

// copy carries out cp and mv.
func (r *runner) copy(operands []string, move bool) {
	if len(operands) < 2 {
		return
	}
	target := absolute(r.dir, operands[len(operands)-1])
	into, _ := r.tree.at(target)
	for _, source := range operands[:len(operands)-1] {
		found := r.tree.matching(absolute(r.dir, source))
		if len(found) == 0 {
			r.tree.forget(target, r.place)
		}
		for _, m := range found {
			name := target
			if into != nil && r.tree.isDir(into) {
				name = path.Join(target, path.Base(m.name))
			}
			r.tree.put(name, r.tree.copy(m.node))
			if move {
				r.tree.remove(m.name)
			}
		}
	}
}

// link carries out ln.
func (r *runner) link(operands []string) {
	if len(operands) != 2 {
		return
	}
	name := absolute(r.dir, operands[1])
	if into, _ := r.tree.at(name); into != nil && r.tree.isDir(into) {
		name = path.Join(name, path.Base(operands[0]))
	}
	target := operands[0]
	if !path.IsAbs(target) {
		target = path.Join(path.Dir(name), target)
	}
	if n, _ := r.tree.at(target); n != nil {
		r.tree.put(name, r.tree.copy(n))
	} else if !strings.HasPrefix(target, "/dev/") {
		r.tree.forget(name, r.place)
	}
}

// The cost of a script in steps.
const (
	stepsPerScript = 100
	bytesPerStep   = 64
)

// program carries out a program: nginx itself, or a script that the tree has. It
// reports whether it is one of these.
func (r *runner) program(c *call) bool {
	words := c.words
	switch c.name() {
	case "nginx", "nginx-debug", "openresty", "angie":
		if f := c.flags(); f.starts {
			r.started = &f
		}
		return true
	case "sh", "bash", "ash", "dash":
		words = c.operands()
	}
	if len(words) == 0 {
		return false
	}
	n, _ := r.tree.at(absolute(r.dir, words[0]))
	if n == nil || !strings.Contains(words[0], "/") || slices.Contains(r.active, n.link) || !r.spend(stepsPerScript) {
		return false
	}
	text, ok := r.contents(n)
	if !ok || !strings.HasPrefix(string(text), "#!") {
		return false
	}
	place, inFile := r.place, r.inFile
	if n.link != "" {
		r.place, r.inFile = Place{n.link, 1}, true
	}
	r.active = append(r.active, n.link)
	if r.spend(len(text) / bytesPerStep) {
		r.runScript(string(text))
	}
	r.active = r.active[:len(r.active)-1]
	r.place, r.inFile = place, inFile
	return true
}
