package parser

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// TestSweep puts every directive of the table into every place, once and twice:
// what nginx refuses is refused here, in nginx's words, and nothing else is. It
// takes a sample that differs from day to day; NGINX_WS_LINT_SWEEP=all takes all.
func TestSweep(t *testing.T) {
	installed := nginxtest.Installed(t)
	params := sweptParams(t)
	sample := 6
	if testing.Short() {
		sample = 24
	}
	if os.Getenv("NGINX_WS_LINT_SWEEP") == "all" {
		sample = 1
	}
	today := time.Now().YearDay() % sample
	t.Logf("part %d of %d", today, sample)
	for _, n := range installed {
		t.Run(n.Version, func(t *testing.T) {
			t.Parallel()
			s := newSweep(t, n)
			for i, name := range DirectiveNames() {
				for j, place := range sweepPlaces {
					if (i*len(sweepPlaces)+j)%sample == today && s.possible(name, place.set, place.mark) {
						s.try(name, params[name], place.set, place.mark)
					}
				}
			}
		})
	}
}

// sweptParams returns parameters by the name of the directive.
func sweptParams(t *testing.T) map[string]string {
	all := make(map[string]string)
	for _, line := range strings.Split(strings.TrimSpace(sweepParams), "\n") {
		i := strings.LastIndex(line, ": ")
		for _, name := range strings.Fields(line[i+2:]) {
			if len(DirectiveInfos(name)) == 0 || all[name] != "" {
				t.Errorf("%s: no directive, or there twice", name)
			}
			all[name] = line[:i]
		}
	}
	for _, name := range DirectiveNames() {
		if info := DirectiveInfos(name)[0]; all[name] == "" && info.Min > 0 {
			all[name] = "on"
		}
	}
	return all
}

// A sweep is TestSweep on one nginx.
type sweep struct {
	*testing.T
	nginx   nginxtest.Nginx
	version Version
	module  string // for stream; "" where there is none
	dir     string
}

func newSweep(t *testing.T, n nginxtest.Nginx) *sweep {
	v, err := ParseVersion(n.Version)
	if err != nil {
		t.Fatal(err)
	}
	s := &sweep{T: t, nginx: n, version: v, dir: t.TempDir()}
	cert, key := nginxtest.Certificate(t)
	for name, from := range map[string]string{"cert.pem": cert, "key.pem": key} {
		text, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		s.write(name, string(text))
	}
	s.write("pw", "a:b\n")
	s.write("key48", strings.Repeat("k", 48))
	binary, err := filepath.EvalSymlinks(n.Path)
	if err != nil {
		t.Fatal(err)
	}
	if found, _ := filepath.Glob(filepath.Join(filepath.Dir(binary), "root/usr/lib/nginx/modules/ngx_stream_module.so")); len(found) > 0 {
		s.module = found[0]
	}
	return s
}

func (s *sweep) write(name, text string) {
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		s.Fatal(err)
	}
}

// possible reports whether this nginx can be asked.
func (s *sweep) possible(name string, set ContextSet, mark string) bool {
	return sweepExceptions[name] == "" && sweepExceptions[name+" in "+mark] == "" && (s.module != "" || set < InStream)
}

// try puts a directive into a place, once and twice.
func (s *sweep) try(name, params string, set ContextSet, mark string) {
	line := sweptLine(name, params, set, mark)
	once := s.config(name, mark, line)
	twice := s.config(name, mark, line+" "+line)
	said := s.compare(name+" in "+mark, once)
	if said != "" || sweepExceptions[name+" twice"] != "" || sweepExceptions[name+" twice in "+mark] != "" {
		return
	}
	s.compare(name+" twice in "+mark, twice)
}

// sweptLine is a directive as it is put into a place. Where it has no place there, it
// looks as it does elsewhere.
func sweptLine(name, params string, set ContextSet, mark string) string {
	if p, ok := sweptByPlace[name+" "+mark]; ok {
		params = p
	}
	info := DirectiveInfos(name)[0]
	for _, i := range DirectiveInfos(name) {
		if i.Contexts&set != 0 {
			info = i
		}
	}
	if info.Block {
		return fmt.Sprintf("%s %s { %s }", name, params, sweptBodies[name]+sweptBodies[name+" "+mark])
	}
	return strings.TrimSpace(name+" "+params) + ";"
}

var sweptMark = regexp.MustCompile(`@[a-z_-]+`)

// config is sweepMain with a line at a mark.
func (s *sweep) config(name, mark, line string) string {
	var b strings.Builder
	text := sweepMain
	if s.module == "" {
		text = text[:strings.Index(text, "stream {")]
	}
	for _, l := range strings.SplitAfter(text, "\n") {
		first, _, _ := strings.Cut(strings.TrimSpace(l), " ")
		if first == "load_module" && s.module == "" || sweptOnce[first] == mark && (first == name || name == "return" || name == "pass") {
			continue
		}
		b.WriteString(strings.Replace(l, "MODULE", s.module, 1))
	}
	return sweptMark.ReplaceAllStringFunc(b.String(), func(m string) string {
		if m == "@"+mark {
			return line
		}
		return ""
	})
}

var sweptPlace = regexp.MustCompile(`^\[\w+\] (\d+#\d+: )?| in \S+:\d+$`)

// compare says where nginx and the table differ about a configuration. It returns
// what nginx said, "" where nginx accepts it.
func (s *sweep) compare(what, text string) string {
	s.write("n.conf", text)
	messages, ok := s.nginx.Test(s.dir, "n.conf")
	said := ""
	if !ok {
		i := slices.IndexFunc(messages, func(m string) bool { return strings.HasPrefix(m, "[emerg]") })
		if i < 0 {
			s.Fatalf("%s: %q", what, messages)
		}
		said = sweptPlace.ReplaceAllString(messages[i], "")
	}
	cfg, err := Load(fstest.MapFS{"n.conf": {Data: []byte(text)}}, "n.conf", Options{Complete: true})
	if err != nil {
		s.Fatal(err)
	}
	var ours []string
	for _, p := range cfg.Problems(Only(s.version)) {
		ours = append(ours, p.Message)
	}
	if said == "" && len(ours) > 0 || said != "" && !slices.Contains(ours, said) {
		s.Errorf("%s: nginx says %q, we %q", what, said, ours)
	}
	return said
}
