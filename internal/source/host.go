package source

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
)

// A part is a range of bytes of a file.
type part struct{ start, end int }

// A host is a file of another kind that contains configurations: those of one group
// are read together.
type host struct {
	groups   [][]part
	expanded []part // those in which a shell replaces variables
	folded   []part // those in which line breaks are spaces
}

// Hosts reports whether a file may contain configurations, according to its name.
func Hosts(name string) bool { return isYAML(name) || hasDocuments(name) || IsNix(name) }

// IsNix reports whether a file is a Nix expression, by its name.
func IsNix(name string) bool { return strings.EqualFold(path.Ext(name), ".nix") }

func isYAML(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml":
		return true
	case ".config": // of Elastic Beanstalk
		return path.Base(path.Dir(name)) == ".ebextensions"
	}
	return false
}

// hasDocuments reports whether a file is a shell script or a Dockerfile.
func hasDocuments(name string) bool {
	base := strings.ToLower(path.Base(name))
	switch path.Ext(base) {
	case ".sh", ".bash", ".dockerfile":
		return true
	}
	return base == "dockerfile" || base == "containerfile" || strings.HasPrefix(base, "dockerfile.")
}

// ReadHost reads a file that contains configurations, or returns nil if it has none.
func ReadHost(name string, src []byte) *Text {
	h := &host{}
	t := &Text{Src: src, host: h, seen: make(map[string]bool)}
	switch {
	case isYAML(name):
		h.scalars(name, src)
	case IsNix(name):
		h.groups = t.nixStrings()
	default:
		for _, d := range documents(src) {
			h.groups = append(h.groups, []part{d.part})
			if t.expand(d); d.expands {
				h.expanded = append(h.expanded, d.part)
			}
		}
	}
	if len(h.groups) == 0 || bytes.IndexByte(src, Nothing) >= 0 {
		return nil
	}
	if t.Language = detect(name, src, AnyBraces); isYAML(name) && t.Language != Plain {
		t.scan(name)
	}
	for _, p := range h.folded {
		t.fold(p)
	}
	t.build()
	return t
}

// Groups returns how many groups of texts there are that are read together: one,
// unless the file is a host.
func (t *Text) Groups() int {
	if t.host == nil {
		return 1
	}
	return len(t.host.groups)
}

// keep blanks what is not in a group.
func (m *Mask) keep(parts []part) {
	at := 0
	for _, p := range parts {
		m.blank(at, p.start)
		at = p.end
	}
	m.blank(at, len(m.Text))
	m.Holes = slices.DeleteFunc(m.Holes, func(h Hole) bool {
		return !slices.ContainsFunc(parts, func(p part) bool { return p.start <= h.Start && h.End <= p.end })
	})
}

// outside reports whether a span does not lie in one of the texts of a host.
func (h *host) outside(start, end int) bool {
	for _, g := range h.groups {
		for _, p := range g {
			if p.start <= start && end <= p.end {
				return false
			}
		}
	}
	return true
}

var (
	// opensBlock is a line of nginx's that opens a block.
	opensBlock = lazyregexp.New(`(?m)^[ \t]*(server|http|events|stream|upstream[ \t]+[^\s{]+|location[ \t]+[^{;\n]+|map[ \t]+\S+[ \t]+\$\S+)[ \t\r\n]*\{`)
	// mainBlock is one of the level main.
	mainBlock = lazyregexp.New(`(?m)^[ \t]*(?:http|events|stream)[ \t\r\n]*\{`)
	// httpBlock is one of the level http.
	httpBlock = lazyregexp.New(`(?m)^[ \t]*(?:server|upstream[ \t]+[^\s{]+|map[ \t]+\S+[ \t]+\$\S+)[ \t\r\n]*\{`)
)

// OpensBlock reports whether a text has a line that opens a block of nginx.
func OpensBlock(text []byte) bool {
	return bytes.IndexByte(text, '{') >= 0 && opensBlock().Match(text)
}

func lineEnd(src []byte, at int) int {
	if i := bytes.IndexByte(src[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(src)
}

// TextStart returns where the text begins that an offset is in: one of those of a host.
func (t *Text) TextStart(offset int) int {
	if t.host != nil {
		for _, g := range t.host.groups {
			for _, p := range g {
				if p.start <= offset && offset < p.end {
					return p.start
				}
			}
		}
	}
	return 0
}
