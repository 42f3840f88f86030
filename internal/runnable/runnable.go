// Package runnable makes a configuration run on this machine. What it names elsewhere
// (addresses to listen on, upstreams, certificates, log files, missing files) is
// replaced by stand-ins, directive by directive as the parser understands them. What
// it says about requests stays the same. Tests use it to compare real configurations
// with a running nginx.
package runnable

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Ground provides stand-ins for everything outside a configuration. The same thing
// always gets the same stand-in, so that a tree and its patched version can be run
// one after the other and compared.
type Ground struct {
	Free             func() string              // returns an address at which nothing listens
	Upstream         func(server string) string // returns the address of the stand-in for an upstream server
	Certificate, Key string
	HTTP3            bool     // keep listen directives with quic, with the same port for UDP
	Keep             []string // directives that are kept although they can refuse clients; the caller provides their files

	addresses map[string]string
	variables map[string]string // by the name of a fragment: see rewrite.variables
}

// at returns the address that replaces a socket.
func (g *Ground) at(socket string) string {
	if g.addresses == nil {
		g.addresses = make(map[string]string)
	}
	if g.addresses[socket] == "" {
		g.addresses[socket] = g.Free()
	}
	return g.addresses[socket]
}

// A Tree is a configuration that runs here.
type Tree struct {
	Files map[string]string // all in one directory
	Main  string
	Doors []Door // of each server of http, in order
}

// A Door is a way to reach a server. Own leads to no other server. Front replaces the
// socket of its first listen, where the name decides. HTTP2 and HTTP3 are sockets
// that speak those, with TLS; their addresses are "" if there are none.
type Door struct{ Own, Front, HTTP2, HTTP3 nginxtest.Target }

// Over returns the sockets for protocols newer than HTTP/1.1, by the names that
// Target.GetOver accepts.
func (d Door) Over() map[string]nginxtest.Target {
	over := map[string]nginxtest.Target{"h2": d.HTTP2, "h3": d.HTTP3}
	maps.DeleteFunc(over, func(_ string, t nginxtest.Target) bool { return t.Address == "" })
	return over
}

// Runnable rewrites a configuration. The servers and locations of the tree are those
// of the configuration, in the same order. A fragment gets the levels that it implies
// around it.
func (g *Ground) Runnable(cfg *model.Model) *Tree {
	r := &rewrite{ground: g, cfg: cfg, names: make(map[*parser.File]string), edits: make(map[*parser.File][]fixer.Edit)}
	for i, f := range cfg.Files {
		r.names[f] = fmt.Sprintf("%d-%s", i, plain(path.Base(f.Name)))
	}
	for _, inc := range cfg.Includes {
		if inc.Assumed {
			r.names[inc.Files[0]] = plain(path.Base(inc.Files[0].Name))
		}
	}
	r.servers()
	tops := r.tops()
	for _, f := range cfg.Files {
		r.block(f.Root)
	}
	if r.httpBlock != nil {
		r.insert(r.httpBlock, r.http())
	}
	tree := &Tree{Files: make(map[string]string), Doors: r.doors, Main: "nginx.conf"}
	for f, name := range r.names {
		tree.Files[name] = r.text(f)
	}
	tree.Files[tree.Main] = r.main(tops)
	return tree
}

// plain removes the characters of a file's name that need quotes.
func plain(name string) string {
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", c) {
			return c
		}
		return '_'
	}, name)
}

// A rewrite rewrites one configuration.
type rewrite struct {
	ground *Ground
	cfg    *model.Model
	names  map[*parser.File]string // in the tree
	edits  map[*parser.File][]fixer.Edit
	doors  []Door

	httpBlock *parser.Block   // nil for a fragment
	hosts     strings.Builder // maps of variables that replace hosts with variables
	hostCount int
}

func (r *rewrite) text(f *parser.File) string {
	patches, _ := fixer.Apply([]fixer.Fix{{Safety: fixer.Safe, Edits: r.edits[f]}}, fixer.Safe)
	if len(patches) == 0 {
		return string(f.Src)
	}
	return string(patches[0].New)
}

// tops are the files that nothing includes: the main file, or fragments.
func (r *rewrite) tops() []*parser.File {
	included := make(map[*parser.File]bool)
	for _, inc := range r.cfg.Includes {
		for _, f := range inc.Files {
			included[f] = true
		}
	}
	var tops []*parser.File
	for _, f := range r.cfg.Files {
		if !included[f] {
			tops = append(tops, f)
		}
	}
	return tops
}

// processes keep nginx in the foreground and within its prefix.
const processes = "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log error.log info;\n"

// http returns what is added to an http block.
func (r *rewrite) http() string {
	text := nginxtest.TempPaths + " ssl_certificate " + r.ground.Certificate + "; ssl_certificate_key " + r.ground.Key + "; resolver 127.0.0.1; resolver_timeout 1s;"
	for _, size := range []string{"server_names_hash_bucket_size 512;", "server_names_hash_max_size 8192;", "variables_hash_max_size 4096;", "map_hash_bucket_size 512;"} {
		if name, _, _ := strings.Cut(size, " "); !r.sets(name) {
			text += " " + size
		}
	}
	return text + r.hosts.String()
}

// host returns the stand-in for the host of a URL. A host with variables gets a
// variable, because nginx treats URLs with variables differently.
func (r *rewrite) host(host string) string {
	address := r.ground.Upstream(host)
	if !strings.Contains(host, "$") {
		return address
	}
	r.hostCount++
	name := fmt.Sprintf("$stand_in_%d", r.hostCount)
	fmt.Fprintf(&r.hosts, " map x %s { default %s; }", name, address)
	return name
}

// sets reports whether http itself has a directive.
func (r *rewrite) sets(directive string) bool {
	return slices.ContainsFunc(r.cfg.Root.Children, func(c *parser.Context) bool { return c.Name == "http" && c.First(directive) != nil })
}

// main writes the main file, which includes the files that nothing else includes.
func (r *rewrite) main(tops []*parser.File) string {
	var body strings.Builder
	for _, f := range tops {
		body.WriteString("include " + r.names[f] + ";\n")
	}
	text := body.String()
	if !r.cfg.Fragment {
		return processes + text
	}
	for c := r.cfg.Level; c.Parent != nil; c = c.Parent {
		switch c.Name {
		case "http":
			text = "http {\n" + r.http() + "\n" + r.variables() + text + "}\n"
		case "server":
			text = "server {\nlisten " + strings.Join(r.listens(c, r.doors[0]), ";\nlisten ") + ";\n" + text + "}\n"
		case "location":
			text = "location / {\n" + text + "}\n"
		default:
			text = c.Name + " stand-in {\n" + text + "}\n"
		}
	}
	return nginxtest.Prologue + text
}

// variables defines what a fragment uses and its main file would define. If a
// fragment is run again after a patch, that is what it used at first, because the
// patch cannot rely on more.
func (r *rewrite) variables() string {
	known, ok := r.ground.variables[r.cfg.Name]
	if !ok {
		known = r.undefined()
		if r.ground.variables == nil {
			r.ground.variables = make(map[string]string)
		}
		r.ground.variables[r.cfg.Name] = known
	}
	return known
}

// undefined returns what a fragment uses and does not define.
func (r *rewrite) undefined() string {
	var text strings.Builder
	seen := make(map[string]bool)
	for _, f := range r.cfg.Files {
		f.Root.Walk(func(d *parser.Directive) {
			for _, p := range d.Params() {
				for _, name := range parser.VariablesIn(p.Value()) {
					name = strings.ToLower(name)
					if seen[name] || r.cfg.Defines(name) {
						continue
					}
					seen[name] = true
					if strings.Contains(name, "connection") {
						text.WriteString("map $http_upgrade $" + name + " { default upgrade; '' close; }\n")
					} else {
						text.WriteString("map stand-in $" + name + " { default ''; }\n")
					}
				}
			}
		})
	}
	return text.String()
}
