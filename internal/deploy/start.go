package deploy

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// Flags are the command-line options of nginx that matter to what it reads.
type flags struct {
	main, prefix, globals string
	vague                 bool // the value of -c or -p is not known
	starts                bool // it does not only test, print or send a signal
}

// flags reads nginx's options as nginx does: they can be joined (-qc FILE), and a value
// can follow without a space.
func (c *call) flags() flags {
	f := flags{starts: true}
	for i := 1; i < len(c.words); i++ {
		word, ok := strings.CutPrefix(c.words[i], "-")
		for ok && word != "" {
			option := word[0]
			if word = word[1:]; strings.IndexByte("tTvVh?s", option) >= 0 {
				f.starts = false
			}
			if strings.IndexByte("cpges", option) < 0 {
				continue
			}
			if word == "" && i+1 < len(c.words) {
				i++
				word = c.words[i]
			}
			f.set(option, word, c.vague[i])
			break
		}
	}
	return f
}

func (f *flags) set(option byte, value string, vague bool) {
	switch {
	case vague:
		f.vague = f.vague || option != 'g'
	case option == 'c':
		f.main = value
	case option == 'p':
		f.prefix = value
	case option == 'g':
		f.globals = strings.TrimRight(value, "; \n") + ";" // nginx accepts it without the last one
	}
}

// wrappers are commands that run the command after them, with the number of operands
// before it.
var wrappers = map[string]int{
	"exec": 0, "sudo": 0, "command": 0, "nohup": 0, "tini": 0, "dumb-init": 0, "catatonit": 0, "env": 0, "gosu": 1, "su-exec": 1,
}

// unwrap removes wrappers from the beginning of a command.
func (c *call) unwrap() {
	for len(c.words) > 1 {
		skip, ok := wrappers[c.name()]
		if !ok {
			return
		}
		n := 1
		for n < len(c.words) && (strings.HasPrefix(c.words[n], "-") || c.name() == "env" && strings.Contains(c.words[n], "=")) {
			n++
		}
		if n += skip; n >= len(c.words) {
			return
		}
		c.words, c.vague = c.words[n:], c.vague[n:]
	}
}

// startsNginx reports whether the container's command starts nginx, by itself or by
// the image's own command.
func startsNginx(entrypoint, cmd *argv) bool {
	for _, a := range []*argv{entrypoint, cmd} {
		if a != nil && !strings.Contains(a.shell+strings.Join(a.words, " "), "nginx") {
			return false
		}
	}
	return true
}

// startsDirectly reports whether the first word of a command is nginx: then the
// image's entrypoint renders the templates.
func startsDirectly(cmd *argv) bool {
	if cmd == nil {
		return true
	}
	return len(cmd.words) > 0 && (cmd.words[0] == "nginx" || cmd.words[0] == "nginx-debug")
}

// start carries out the commands that start the container, and reports whether they
// start nginx.
func (r *reader) start(v *View, b *build, entrypoint, cmd *argv) bool {
	if entrypoint == nil && cmd == nil && b.image.known != nil {
		v.Globals = b.image.globals
	}
	env := newEnvironment(v.Environment)
	run := &runner{reader: r, tree: v.tree, env: env, vars: env.lookup, dir: cmp.Or(b.workdir, "/")}
	for _, a := range joined(entrypoint, cmd) {
		run.place, run.inFile = a.place, false
		if script := a.script(); script != "" {
			run.runScript(script)
		} else if c := a.call(); len(c.words) > 0 {
			run.program(c)
		}
	}
	v.Empties = append(v.Empties, run.empties...)
	if run.started == nil {
		return false
	}
	v.apply(run.started, cmp.Or(b.workdir, "/"))
	return true
}

// call returns a command that no shell reads.
func (a *argv) call() *call {
	c := &call{words: a.words, vague: make([]bool, len(a.words))}
	c.unwrap()
	return c
}

// joined returns the commands that start a container. The words of CMD are those of
// ENTRYPOINT's command, if that is nginx or runs any command. Of a script they are taken
// for a command of their own, because it ends with exec "$@" as a rule.
func joined(entrypoint, cmd *argv) (all []*argv) {
	if entrypoint != nil && cmd != nil && len(entrypoint.words) > 0 {
		c := entrypoint.call()
		_, wraps := wrappers[c.name()]
		if wraps || strings.HasPrefix(c.name(), "nginx") {
			both := *entrypoint
			both.words = slices.Concat(entrypoint.words, cmd.words)
			return []*argv{&both}
		}
	}
	for _, a := range []*argv{entrypoint, cmd} {
		if a != nil {
			all = append(all, a)
		}
	}
	return all
}

// apply applies nginx's flags. A relative main file is below the prefix. By nginx's
// own default it is conf/nginx.conf there, so that -p also moves it; packages and most
// images have an absolute path instead.
func (v *View) apply(f *flags, dir string) {
	v.Globals = f.globals
	prefix, main := path.Dir(v.Main), cmp.Or(f.main, v.Main)
	if moved, ok := strings.CutSuffix(v.Main, "/conf/nginx.conf"); ok {
		prefix, main = moved, cmp.Or(f.main, "conf/nginx.conf")
	}
	if f.prefix != "" {
		prefix = absolute(dir, f.prefix)
	}
	if v.Main = absolute(prefix, main); f.vague {
		v.Main = ""
		v.Open = append(v.Open, "which main file nginx reads")
	}
}
