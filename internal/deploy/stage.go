package deploy

import (
	"strconv"
	"strings"
)

// A build is a stage of a Dockerfile, as far as it was carried out.
type build struct {
	*reader
	dockerfile string
	context    string // of the build, a directory of the repository
	inContext  bool
	tree       *tree
	image      image
	env        environment
	args       environment
	cmd        *argv
	entrypoint *argv
	workdir    string
	more       bool // it installs or starts a supervisor
	place      Place
	empties    []Emptied
	stages     *stages
}

// stages are the stages of one Dockerfile, which are carried out when they are needed.
type stages struct {
	all     []stage
	args    environment // before the first stage, with those that the build sets
	given   environment // those that the build sets
	done    map[int]*build
	active  map[int]bool
	context *tree // of the build
}

// A stage is a FROM with what follows it.
type stage struct {
	name string // in lower case
	from instruction
	body []instruction
}

// carryOut carries out a Dockerfile as far as a stage, or its last one.
func (r *reader) carryOut(dockerfile string, text []byte, context string, inContext bool, target string, args []Variable) *build {
	s := &stages{given: newEnvironment(args), done: make(map[int]*build), active: make(map[int]bool)}
	for _, in := range readDockerfile(text) {
		switch {
		case in.name == "FROM":
			words := strings.Fields(in.text)
			st := stage{from: in}
			if len(words) == 3 && strings.EqualFold(words[1], "as") {
				st.name = strings.ToLower(words[2])
			}
			s.all = append(s.all, st)
		case len(s.all) > 0:
			last := &s.all[len(s.all)-1]
			last.body = append(last.body, in)
		case in.name == "ARG":
			s.declare(&s.args, in, dockerfile)
		}
	}
	b := &build{reader: r, dockerfile: dockerfile, context: context, inContext: inContext, stages: s}
	n := len(s.all) - 1
	if target != "" {
		n = s.index(target)
	}
	if n < 0 {
		return nil
	}
	return b.stage(n)
}

// declare adds what an ARG declares to the arguments. The build's own values win.
func (s *stages) declare(args *environment, in instruction, file string) {
	for _, v := range in.pairs(args.lookup, file) {
		if !v.Known {
			v.Value, v.Known = s.args.lookup(v.Name)
		}
		if value, ok := s.given.lookup(v.Name); ok {
			v.Value, v.Known = value, true
		}
		args.set(v)
	}
}

// index returns the stage of a name or a number, or -1.
func (s *stages) index(name string) int {
	for i := len(s.all) - 1; i >= 0; i-- {
		if s.all[i].name != "" && s.all[i].name == strings.ToLower(name) {
			return i
		}
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 0 && n < len(s.all) {
		return n
	}
	return -1
}

// stage carries out a stage, once; nil if it depends on itself.
func (b *build) stage(n int) *build {
	s := b.stages
	if done := s.done[n]; done != nil {
		return done
	}
	if s.active[n] || len(s.active) > maxDepth {
		return nil
	}
	s.active[n] = true
	defer delete(s.active, n)
	st := s.all[n]
	from, known := interpolate(firstWord(st.from.text), s.args.lookup, true)
	c := b.base(n, from, known)
	c.place = Place{b.dockerfile, st.from.line}
	for _, in := range st.body {
		c.carryOut(in)
	}
	s.done[n] = c
	return c
}

func firstWord(text string) string {
	word, _ := cutSpace(text)
	return unquoted(word)
}

// base returns what a stage begins with: an earlier stage, or an image.
func (b *build) base(n int, from string, known bool) *build {
	c := &build{reader: b.reader, dockerfile: b.dockerfile, context: b.context, inContext: b.inContext, stages: b.stages, workdir: "/"}
	if other := b.stages.index(from); other >= 0 && other < n && b.stages.all[other].name == strings.ToLower(from) {
		if e := b.stage(other); e != nil {
			c.tree, c.image, c.env, c.cmd, c.entrypoint, c.workdir = e.tree.clone(), e.image, e.env.with(nil), e.cmd, e.entrypoint, e.workdir
			c.more, c.empties = e.more, e.empties
			return c
		}
	}
	c.image = imageOf(from, known)
	c.tree = b.reader.imageTree(c.image)
	return c
}

// carryOut carries out one instruction.
func (b *build) carryOut(in instruction) {
	switch in.name {
	case "ARG":
		b.stages.declare(&b.args, in, b.dockerfile)
	case "ENV":
		b.env.set(in.pairs(b.vars(), b.dockerfile)...)
	case "WORKDIR":
		if dir, known := interpolate(unquoted(in.text), b.vars(), true); known {
			b.workdir = absolute(b.workdir, dir)
		}
	case "COPY", "ADD":
		b.copy(in)
	case "RUN":
		b.more = b.more || strings.Contains(in.text, "supervisor")
		b.run(in)
	case "CMD":
		b.cmd = b.argv(in)
		b.more = b.more || strings.Contains(in.text, "supervisor")
	case "ENTRYPOINT":
		b.entrypoint, b.cmd = b.argv(in), nil
		b.more = b.more || strings.Contains(in.text, "supervisor")
	}
}

// vars looks up environment variables and arguments.
func (b *build) vars() lookup {
	return func(name string) (string, bool) {
		if value, ok := b.env.lookup(name); ok {
			return value, true
		}
		return b.args.lookup(name)
	}
}

// argv reads the command of CMD or ENTRYPOINT.
func (b *build) argv(in instruction) *argv {
	a := &argv{known: true, place: Place{b.dockerfile, in.line}}
	words, list := in.words()
	if list {
		a.words = words
	} else {
		a.shell = in.text
	}
	return a
}
