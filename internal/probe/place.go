package probe

import (
	"net/url"
	"slices"
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
	Location *parser.Context // the server where no location takes the path
	ByName   bool            // the server was found by its server_name
	Request  model.Request
	Model    model.Handshake
	Findings []rules.Finding // about that location and what is around it

	ReadTimeout time.Duration     // of proxy_read_timeout
	ReadAt      *parser.Directive // that sets it, or nil for the default

	options lint.Options
}

// Locate lints a configuration and says what it does with a handshake for a URL.
// Where no server of it takes the URL, the place is nil.
func Locate(opt lint.Options, u *url.URL) (*Place, error) {
	return At(opt, func(all []*model.Model) (*parser.Context, bool) {
		server, named := serverOf(all, u)
		if server == nil {
			return nil, false
		}
		return model.ByConfig(all)[server.Config].Route(server, u.Path), named
	})
}

// At is Locate for a location, or a server without one, that find returns; and
// whether it was found by its server's name.
func At(opt lint.Options, find func([]*model.Model) (at *parser.Context, named bool)) (*Place, error) {
	var named bool
	places, err := Places(opt, func(all []*model.Model) []*parser.Context {
		var at *parser.Context
		at, named = find(all)
		return []*parser.Context{at}
	})
	if err != nil || places[0] == nil {
		return nil, err
	}
	places[0].ByName = named
	return places[0], nil
}

// Places lints a configuration once for several locations, or servers without one,
// that find returns. Where one of these is nil, so is its place.
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

// ReadTimeout is the proxy_read_timeout of a request, and what sets it: nil for
// the default.
func ReadTimeout(q model.Request) (time.Duration, *parser.Directive) {
	if d := q.Level.Effective("proxy_read_timeout").Last(); d != nil {
		if t, err := parser.ParseTime(d.Param(0)); err == nil {
			return t, d
		}
	}
	return parser.DefaultReadTimeout, nil
}

// causeRules are the rules of all causes, pedantic ones too.
func causeRules() []string {
	var names []string
	for _, c := range cause.All {
		for _, r := range c.Rules {
			names = append(names, r.Name)
		}
	}
	return names
}

// goal is the location whose proxy_pass takes a handshake in the end: try_files
// and the like may lead to another one.
func goal(m *model.Model, c *parser.Context) *parser.Context {
	if to := m.Request(c, model.WebSocket, parser.AnyVersion.Min).Level.Enclosing("location"); to != nil {
		c = to
	}
	for _, sibling := range c.Parent.Children { // of the redirect to a slash: what it leads to
		if sibling.Opener == c.Opener {
			return sibling
		}
	}
	return c
}

// serverOf returns the server that takes requests for a URL, and whether by its
// name. In front of a container or a load balancer ports may be others: a name
// then tells all the same, and so does it that there is but one server.
func serverOf(all []*model.Model, u *url.URL) (best *parser.Context, named bool) {
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
			n := rank(address, socket, u, port, byName)
			if n > score {
				best, named, score = server, byName, n
			}
		}
		servers += len(cfg.Servers())
		if best == nil && servers == 1 && len(cfg.Servers()) == 1 {
			best = cfg.Servers()[0]
		}
	}
	if score == 0 && servers > 1 {
		return nil, false
	}
	return best, named
}

// rank says how well a socket fits a URL; 0 is not at all.
func rank(address string, socket *model.Socket, u *url.URL, port string, byName bool) int {
	n := 0
	if byName {
		n += 4
	}
	if len(address) > len(port) && address[len(address)-len(port)-1:] == ":"+port {
		n += 2
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

// DirectURL is where proxy_pass leads for a URL, for --direct; "" where that is
// not one address, or the path is another there.
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
