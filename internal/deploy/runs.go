package deploy

import (
	"bytes"
	"path"
	"slices"
	"strconv"
	"strings"
)

// IsScript reports whether a file has the name of one in which containers may be started:
// a shell script, a makefile, or a unit of systemd.
func IsScript(name string) bool {
	base := strings.ToLower(path.Base(name))
	switch path.Ext(base) {
	case ".sh", ".bash", ".service":
		return true
	}
	return base == "makefile" || base == "gnumakefile"
}

// Starts reports whether a script may start a container.
func Starts(text []byte) bool {
	return bytes.Contains(text, []byte("docker run")) || bytes.Contains(text, []byte("podman run"))
}

// MaxScript is the size in bytes above which a script is not read.
const MaxScript = 256 << 10

// runs returns the containers that a script starts, as the services of a project; nil if
// there are none.
func (r *reader) runs(name string) *project {
	if !IsScript(name) {
		return nil
	}
	text, ok := r.text(name)
	if !ok || len(text) > MaxScript || !Starts(text) {
		return nil
	}
	f := &composeFile{reader: r, name: name, dir: path.Dir(name), vars: func(string) (string, bool) { return "", false }}
	p := &project{kind: "container", files: []string{name}, services: make(map[string]*service), given: make(map[string]given), outside: make(map[string]bool)}
	for _, c := range f.commands(string(text)) {
		i := slices.Index(c.words, "run")
		if (c.name() != "docker" && c.name() != "podman") || i < 1 || slices.ContainsFunc(c.words[1:i], func(w string) bool { return !strings.HasPrefix(w, "-") }) {
			continue
		}
		if r.services++; r.services > maxServices {
			break
		}
		s := f.run(c.words[i+1:], c.vague[i+1:], c.line)
		if s == nil || s.checks() {
			continue
		}
		if _, again := p.services[s.name]; again { // another variant of it
			s.name += " in line " + strconv.Itoa(c.line)
		}
		p.services[s.name] = s
		for _, m := range s.mounts {
			p.outside[m.volume] = true // other scripts may mount it too
		}
	}
	if len(p.services) == 0 {
		return nil
	}
	return p
}

// here are the ways in which scripts name the directory that they are run in.
var here = strings.NewReplacer("$(pwd)", ".", "`pwd`", ".", "${PWD}", ".", "$PWD", ".", "$(CURDIR)", ".", "$(PWD)", ".", "$$PWD", ".", "$$(pwd)", ".")

// commands returns the commands of a script. Those of a makefile are its recipes, and
// those of a unit what it starts.
func (f *composeFile) commands(text string) (all []call) {
	base := strings.ToLower(path.Base(f.name))
	if path.Ext(base) == ".sh" || path.Ext(base) == ".bash" {
		all, _ = calls(here.Replace(text), f.vars)
		return all
	}
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		first, command := i, lines[i]
		for strings.HasSuffix(command, "\\") && i+1 < len(lines) {
			i++
			command = strings.TrimSuffix(command, "\\") + " " + lines[i]
		}
		if !Starts([]byte(command)) {
			continue
		}
		if _, started, is := strings.Cut(command, "ExecStart="); is {
			command = started
		}
		command = strings.TrimLeft(command, "\t @-+!:")
		found, _ := calls(strings.ReplaceAll(here.Replace(command), "$$", "$"), f.vars)
		for _, c := range found {
			c.line = first + 1
			all = append(all, c)
		}
	}
	return all
}

// mountsFiles reports whether a service mounts something of the repository.
func (s *service) mountsFiles() bool {
	return slices.ContainsFunc(s.mounts, func(m mount) bool { return m.inRepo })
}

// checks reports whether a container only tests a configuration.
func (s *service) checks() bool {
	for _, a := range []*argv{s.command, s.entrypoint} {
		if a != nil && slices.ContainsFunc(a.words, func(w string) bool {
			return w == "-t" || w == "-T" || w == "-v" || w == "-V" || strings.Contains(w, "nginx -t")
		}) {
			return true
		}
	}
	return false
}

// run reads the options of docker run; nil if the image is missing.
func (f *composeFile) run(words []string, vague []bool, line int) *service {
	s := &service{place: Place{f.name, line}, imageKnown: true}
	for i := 0; i < len(words); i++ {
		word := words[i]
		if !strings.HasPrefix(word, "-") {
			s.image, s.imageKnown = word, !vague[i]
			if rest := words[i+1:]; len(rest) > 0 {
				s.command = &argv{words: rest, known: !slices.Contains(vague[i+1:], true), place: s.place}
			}
			break
		}
		option, value, has := strings.Cut(word, "=")
		unsure := vague[i]
		if !strings.HasPrefix(word, "--") && !has {
			option, value, has = shortOption(word[1:])
		}
		if !has && !flagsOfRun[option] && i+1 < len(words) {
			i++
			value, unsure = words[i], unsure || vague[i]
		}
		f.runOption(s, option, value, unsure)
	}
	if s.image == "" {
		return nil
	}
	if len(s.networks) == 0 {
		s.networks = []string{"bridge of " + strconv.Itoa(line)} // no names are found on the default one
	}
	if s.name == "" {
		image, _, _ := strings.Cut(path.Base(s.image), ":")
		s.name = image
	}
	return s
}
