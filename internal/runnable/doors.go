package runnable

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// servers gives each server its doors.
func (r *rewrite) servers() {
	for i, s := range r.cfg.Servers() {
		own := nginxtest.Target{Address: r.ground.at(fmt.Sprintf("server %s %d", r.cfg.Name, i)), Host: "stand-in.test"}
		front := own
		if listens := s.Listens(); len(listens) > 0 {
			front = nginxtest.Target{Address: r.ground.at(listens[0].Address), Host: hostOf(s), TLS: listens[0].SSL}
			own.TLS = !slices.ContainsFunc(listens, parser.Listen.Plaintext)
		}
		door := Door{Own: own, Front: front}
		for _, l := range s.Listens() {
			at := nginxtest.Target{Address: r.ground.at(l.Address), Host: hostOf(s), TLS: true}
			switch {
			case l.QUIC && r.ground.HTTP3:
				door.HTTP3 = at
			case l.SSL && !l.QUIC && (l.HTTP2 || s.Effective("http2").Last() != nil && s.Effective("http2").Last().Param(0) == "on"):
				door.HTTP2 = at
			}
		}
		r.doors = append(r.doors, door)
	}
}

// hostOf returns a name that leads to a server.
func hostOf(s *parser.Context) string {
	for _, d := range s.Own("server_name") {
		for _, p := range d.Params() {
			name := p.Value()
			name = strings.Replace(name, "*", "stand-in", 1)
			if rest, ok := strings.CutPrefix(name, "."); ok {
				name = rest
			}
			if name != "" && name != "_" && !strings.ContainsAny(name, "~$\\^*() ") {
				return name
			}
		}
	}
	return "stand-in.test"
}

// server opens a server's own door, and its default one.
func (r *rewrite) server(d *parser.Directive) {
	for i, s := range r.cfg.Servers() {
		if s.Opener == d {
			r.insert(d.Block, "listen "+strings.Join(r.listens(s, r.doors[i]), "; listen ")+";")
			return
		}
	}
}

// listens returns the parameters of the listen directives that a server gets besides
// those in its text.
func (r *rewrite) listens(s *parser.Context, door Door) []string {
	all := []string{door.Own.Address}
	if door.Own.TLS {
		all[0] += " ssl"
	}
	if s.First("listen") == nil && door.Front.Address != door.Own.Address {
		all = append(all, door.Front.Address)
	}
	return all
}

// listen moves a listen directive to the address that replaces its socket.
func (r *rewrite) listen(c *parser.Context, d *parser.Directive) {
	for _, l := range c.Listens() {
		if l.Directive != d {
			continue
		}
		if l.QUIC && !r.ground.HTTP3 {
			r.edit(d.Span(), "")
			return
		}
		text := r.ground.at(l.Address)
		if l.QUIC {
			text += " quic"
		} else if l.SSL {
			text += " ssl"
		}
		for _, p := range d.Params()[1:] {
			if slices.Contains([]string{"http2", "default_server", "default"}, p.Value()) {
				text += " " + p.Value()
			}
		}
		r.edit(parser.Span{File: d.Span().File, Start: d.ParamWord(0).Span().Start, End: d.Params()[d.ParamCount()-1].Span().End}, text)
	}
}
