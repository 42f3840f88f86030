package deploy

import (
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
)

// shortOption reads an option with one dash: -dp 80:80, -p80:80. Letters before the last
// are flags.
func shortOption(text string) (option, value string, has bool) {
	for i := range len(text) {
		if option = "-" + text[i:i+1]; !flagsOfRun[option] {
			return option, text[i+1:], i+1 < len(text)
		}
	}
	return option, "", true
}

// flagsOfRun are the options of docker run without a value.
var flagsOfRun = map[string]bool{
	"-d": true, "-i": true, "-t": true, "-P": true, "-q": true, "--detach": true, "--init": true, "--interactive": true, "--tty": true, "--rm": true, "--privileged": true,
	"--read-only": true, "--publish-all": true, "--no-healthcheck": true, "--sig-proxy": true, "--oom-kill-disable": true, "--quiet": true, "--replace": true,
}

// runOption reads an option. Of a value that is not known, nothing is claimed.
func (f *composeFile) runOption(s *service, option, value string, unsure bool) {
	node := &yaml.Node{Kind: yaml.Scalar, Tag: "!!str", Value: strings.ReplaceAll(value, "$", "$$"), Line: s.place.Line}
	switch option {
	case "--name":
		s.name = value
		s.names = append(s.names, value)
	case "--network-alias":
		s.names = append(s.names, value)
	case "-p", "--publish":
		f.port(s, node)
	case "-e", "--env":
		name, content, ok := strings.Cut(value, "=")
		s.environment.set(Variable{name, content, ok && !unsure, s.place})
	case "--env-file":
		s.openEnv = true
	case "--net", "--network":
		if value == "host" || value == "none" || strings.HasPrefix(value, "container:") {
			s.networkMode = value
		} else {
			s.networks = append(s.networks, value)
		}
	case "-w", "--workdir":
		s.workdir = value
	case "--entrypoint":
		s.entrypoint = &argv{words: []string{value}, known: !unsure, place: s.place}
	case "--read-only":
		s.fixed = true
	case "--volumes-from":
		s.more = true
	case "-v", "--volume":
		f.runMount(s, value, unsure)
	case "--mount":
		f.runMount(s, longMount(value), unsure)
	}
}

// longMount returns type=bind,source=a,target=b as -v has it.
func longMount(value string) string {
	source, target, options := "", "", ""
	for part := range strings.SplitSeq(value, ",") {
		key, v, _ := strings.Cut(part, "=")
		switch key {
		case "source", "src":
			source = v
		case "target", "dst", "destination":
			target = v
		case "readonly", "ro":
			options = ":ro"
		}
	}
	return source + ":" + target + options
}

// runMount reads the value of -v. A relative path is looked for where the script is, and
// in the directories above it: scripts are run from different places.
func (f *composeFile) runMount(s *service, value string, unsure bool) {
	source, rest, ok := cutSource(value)
	target, options, _ := strings.Cut(rest, ":")
	if !ok || !path.IsAbs(target) {
		s.more = s.more || unsure
		return
	}
	m := mount{target: path.Clean(target), volume: source, fixed: slices.Contains(strings.Split(options, ","), "ro"), place: s.place}
	switch {
	case unsure:
		m.volume = "/" // it may be a path of the host
	case strings.HasPrefix(source, "."):
		m.source, m.inRepo = f.above(source)
		m.volume = m.source
	}
	s.addMount(m)
}

// above returns the path of a file in the script's directory, or in one above it.
func (f *composeFile) above(name string) (string, bool) {
	first, ok := join(f.dir, name)
	for dir := f.dir; ; dir = path.Dir(dir) {
		if found, valid := join(dir, name); valid {
			if _, exists := f.kind(found); exists {
				return found, true
			}
		}
		if dir == "." || dir == "/" {
			return first, ok
		}
	}
}
