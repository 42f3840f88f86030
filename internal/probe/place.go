package probe

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A Place is what a configuration does with the handshake.
type Place struct {
	Server   *parser.Context
	Location *parser.Context // the server if no location handles the path
	Match
	Request  model.Request
	Model    model.Handshake
	Findings []rules.Finding // about that location and the blocks around it

	ReadTimeout time.Duration     // of proxy_read_timeout
	ReadAt      *parser.Directive // the directive that sets it, or nil for the default

	options lint.Options
}

// Locate lints a configuration and returns what it does with a handshake for a URL.
// The place is nil if no server handles the URL.
func Locate(opt lint.Options, u *url.URL) (*Place, error) {
	return At(opt, func(all []*model.Model) (*parser.Context, Match) {
		server, how := serverOf(all, u)
		if server == nil {
			return nil, how
		}
		return model.ByConfig(all)[server.Config].Route(server, u.Path), how
	})
}

// At is Locate for a location, or a server without one, that find returns, together
// with how its server was found.
func At(opt lint.Options, find func([]*model.Model) (at *parser.Context, how Match)) (*Place, error) {
	var how Match
	places, err := Places(opt, func(all []*model.Model) []*parser.Context {
		var at *parser.Context
		at, how = find(all)
		return []*parser.Context{at}
	})
	if err != nil || places[0] == nil {
		return nil, err
	}
	places[0].Match = how
	return places[0], nil
}

// Places lints a configuration once for several locations, or servers without one,
// that find returns. The place of a nil location is nil.
func Places(opt lint.Options, find func([]*model.Model) []*parser.Context) ([]*Place, error) {
	opt.Asked = func(all []*model.Model) (asked []*parser.Context) {
		models := model.ByConfig(all)
		for _, at := range find(all) {
			if at != nil {
				asked = append(asked, goal(models[at.Config], at))
			}
		}
		return asked
	}
	opt.Fix, opt.Select, opt.Ignore = false, causeRules(), nil
	res, err := lint.Run(opt)
	if err != nil {
		return nil, err
	}
	var places []*Place
	models := model.ByConfig(res.Configs)
	for _, at := range find(res.Configs) {
		var p *Place
		if at != nil {
			p = newPlace(opt, res, models[at.Config], at)
		}
		places = append(places, p)
	}
	return places, res.Exhausted()
}

func newPlace(opt lint.Options, res *lint.Result, m *model.Model, at *parser.Context) *Place {
	p := &Place{Server: at.Server(), Location: at, options: opt}
	p.Request = m.Request(p.Location, model.WebSocket, res.Versions.Min)
	p.Model = p.Request.Handshake()
	p.ReadTimeout, p.ReadAt = ReadTimeout(p.Request)
	to := goal(m, p.Location)
	for _, f := range res.Findings {
		if lint.About(m, f, p.Location) || to != p.Location && lint.About(m, f, to) {
			p.Findings = append(p.Findings, f)
		}
	}
	return p
}

// ReadTimeout returns the proxy_read_timeout of a request and the directive that sets
// it, or nil for the default.
func ReadTimeout(q model.Request) (time.Duration, *parser.Directive) {
	if d := q.Level.Effective("proxy_read_timeout").Last(); d != nil {
		if t, err := parser.ParseTime(d.Param(0)); err == nil {
			return t, d
		}
	}
	return parser.DefaultReadTimeout, nil
}

// causeRules returns the rules of all causes, including pedantic ones.
func causeRules() []string {
	var names []string
	for _, c := range cause.All {
		for _, r := range c.Rules {
			names = append(names, r.Name)
		}
	}
	return names
}

// goal returns the location whose proxy_pass finally handles a handshake. try_files
// and the like can lead to another location.
func goal(m *model.Model, c *parser.Context) *parser.Context {
	if to := m.Request(c, model.WebSocket, parser.AnyVersion.Min).Level.Enclosing("location"); to != nil {
		c = to
	}
	for _, sibling := range c.Parent.Children { // for the redirect to a slash: its target
		if sibling.Opener == c.Opener {
			return sibling
		}
	}
	return c
}

// A Match says how a server was found.
type Match struct {
	ByName bool // it has the name
	ByPort bool // it listens on the port
}

// serverOf returns the server that handles requests for a URL, as nginx finds it: the
// address and the port choose the socket, then the name chooses one of its servers.
// Behind a container or a load balancer the ports can differ: if nothing listens on
// the port, a matching name is enough, and so is a configuration with only one
// server.
func serverOf(all []*model.Model, u *url.URL) (best *parser.Context, how Match) {
	port, score := u.Port(), 0
	if port == "" {
		port = defaultPort(u)
	}
	servers := 0
	for _, cfg := range all {
		sockets := cfg.Sockets()
		for _, address := range sortedKeys(sockets) {
			socket := sockets[address]
			server, byName := socket.Server(u.Hostname())
			found := Match{byName, strings.HasSuffix(address, ":"+port)}
			if n := rank(address, socket, u, found); n > score {
				best, how, score = server, found, n
			}
		}
		servers += len(cfg.Servers())
		if best == nil && servers == 1 && len(cfg.Servers()) == 1 {
			best = cfg.Servers()[0]
		}
	}
	if score == 0 && servers > 1 {
		return nil, Match{}
	}
	return best, how
}

// rank says how well a socket fits a URL; 0 means not at all. An address in the URL
// ranks above a wildcard address, and the port above the name.
func rank(address string, socket *model.Socket, u *url.URL, found Match) int {
	n := 0
	if found.ByPort {
		n += 16
		if host := strings.Trim(address[:strings.LastIndex(address, ":")], "[]"); host == u.Hostname() {
			n += 8
		}
	}
	if found.ByName {
		n += 4
	}
	if n > 0 && socket.Plaintext == (u.Scheme == "ws") {
		n++
	}
	return n
}

func sortedKeys(sockets map[string]*model.Socket) []string {
	var names []string
	for name := range sockets {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// DirectURL returns the target of proxy_pass for a URL, for --direct, or "" if it is
// not one address or the path differs there.
func (p *Place) DirectURL(u *url.URL) string {
	if p == nil || p.Request.Pass == nil || !p.Request.Target.Known || p.Request.Upstream() != nil {
		return ""
	}
	to, err := url.Parse(p.Request.Target.Text)
	if err != nil || to.Host == "" || to.Path != "" {
		return ""
	}
	switch to.Scheme {
	case "http":
		return "ws://" + to.Host + u.RequestURI()
	case "https":
		return "wss://" + to.Host + u.RequestURI()
	}
	return ""
}
