package report

import (
	"io"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/probe"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/secret"
)

// The document that ProbeJSON writes; docs/probe.md has its shape.
type (
	jsonProbe struct {
		Version  int           `json:"version"`
		Tool     jsonTool      `json:"tool"`
		Good     bool          `json:"good"`
		Through  jsonInquiry   `json:"through"`
		Direct   *jsonInquiry  `json:"direct"`
		Hops     []jsonHop     `json:"hops"`
		Zone     *jsonZone     `json:"cloudflare_zone"`
		Place    *jsonPlace    `json:"place"`
		Route    *jsonRoute    `json:"route"`
		Suspects []jsonSuspect `json:"suspects"`
		Patches  []jsonPatch   `json:"patches"`
	}
	jsonInquiry struct {
		URL     string       `json:"url"`
		Answers []jsonAnswer `json:"answers"`
	}
	jsonAnswer struct {
		Kind     string              `json:"kind"`
		Asked    string              `json:"asked"`
		URI      string              `json:"uri"`
		Origin   string              `json:"origin"`
		OK       bool                `json:"ok"`
		Demanded bool                `json:"demanded"`
		Failure  *jsonFailure        `json:"failure"`
		Status   int                 `json:"status"`
		Header   map[string][]string `json:"header"`
		Body     string              `json:"body"`
		Problem  string              `json:"problem"`
		Alive    string              `json:"alive"`
		End      *jsonEnd            `json:"end"`
		Pings    []float64           `json:"pings"`
		Held     float64             `json:"held"`
		Address  string              `json:"address"`
		TLS      *jsonTLS            `json:"tls"`
		Connect  float64             `json:"connect"`
		First    float64             `json:"first"`
	}
	jsonFailure struct {
		Kind    string `json:"kind"`
		Message string `json:"message"`
	}
	jsonEnd struct {
		After  float64 `json:"after"`
		How    string  `json:"how"`
		Code   int     `json:"code"`
		Reason string  `json:"reason"`
	}
	jsonTLS struct {
		Version string `json:"version"`
		ALPN    string `json:"alpn"`
		Subject string `json:"subject"`
		Issuer  string `json:"issuer"`
	}
	jsonHop struct {
		Name  string `json:"name"`
		Layer string `json:"layer"`
		Mark  string `json:"mark"`
	}
	jsonZone struct {
		ID         string `json:"id"`
		WebSockets string `json:"websockets"`
	}
	jsonPlace struct {
		File        string  `json:"file"`
		Line        int     `json:"line"`
		Location    string  `json:"location"`
		ByName      bool    `json:"by_name"`
		ByPort      bool    `json:"by_port"`
		Handshake   string  `json:"handshake"`
		Reason      string  `json:"reason"`
		ReadTimeout float64 `json:"proxy_read_timeout"`
	}
	jsonSuspect struct {
		Row      string        `json:"row"`
		Cause    string        `json:"cause"`
		Layer    string        `json:"layer"`
		Sure     string        `json:"sure"`
		Weight   int           `json:"weight"`
		What     string        `json:"what"`
		Do       string        `json:"do"`
		Evidence []string      `json:"evidence"`
		Rules    []string      `json:"rules"`
		Findings []jsonFinding `json:"findings"`
	}
	jsonPatch struct {
		File   string `json:"file"`
		Unsafe bool   `json:"unsafe"`
		Diff   string `json:"diff"`
	}
)

// ProbeJSON writes one document. Times are in seconds.
func ProbeJSON(w io.Writer, p Probed, opt Options) error {
	doc := jsonProbe{
		Version: 1, Tool: jsonTool{"nginx-ws-lint", opt.Version}, Good: p.Good, Through: inquiryOf(p.Through),
		Hops: []jsonHop{}, Suspects: []jsonSuspect{}, Patches: []jsonPatch{},
	}
	if p.Direct != nil {
		direct := inquiryOf(p.Direct)
		doc.Direct = &direct
	}
	for _, h := range p.Hops {
		doc.Hops = append(doc.Hops, jsonHop{h.Name, string(h.Layer), h.Mark})
	}
	if p.Zone != nil {
		doc.Zone = &jsonZone{p.Zone.ID, p.Zone.Value}
	}
	if p.Place != nil {
		doc.Place = placeOf(p.Place, opt)
	}
	if p.Route != nil {
		route := routeJSON(*p.Route, opt)
		doc.Route = &route
	}
	for _, s := range p.Suspects {
		doc.Suspects = append(doc.Suspects, suspectOf(s, opt))
	}
	for _, patch := range p.Patches {
		name := p.DiffName(patch.File.Name)
		doc.Patches = append(doc.Patches, jsonPatch{opt.Shown(patch.File.Name), p.Unsafe, patch.Diff("a/"+name, "b/"+name)})
	}
	return writeJSON(w, doc)
}

func inquiryOf(q *probe.Inquiry) jsonInquiry {
	j := jsonInquiry{URL: secret.Hide(q.URL.Redacted()), Answers: []jsonAnswer{}}
	for _, a := range q.Answers {
		j.Answers = append(j.Answers, answerOf(a))
	}
	return j
}

func answerOf(a *probe.Answer) jsonAnswer {
	j := jsonAnswer{
		Kind: string(a.Kind), Asked: a.Asked, URI: secret.Hide(a.URI), Origin: a.Origin, OK: a.OK(), Demanded: a.Demanded(), Status: a.Status,
		Header: map[string][]string{}, Body: secret.Hide(a.Body), Problem: secret.Hide(a.Problem), Alive: a.Alive, Pings: []float64{},
		Held: inSeconds(a.Held), Address: a.Address, Connect: inSeconds(a.Connect), First: inSeconds(a.First),
	}
	for name, values := range a.Header {
		j.Header[name] = unsecret(values)
	}
	for _, p := range a.Pings {
		j.Pings = append(j.Pings, inSeconds(p))
	}
	if f := a.Failure; f != nil {
		j.Failure = &jsonFailure{string(f.Kind), secret.Hide(f.Message)}
	}
	if e := a.End; e != nil {
		j.End = &jsonEnd{inSeconds(e.After), e.How, e.Code, e.Reason}
	}
	if s := a.TLS; s != nil {
		j.TLS = &jsonTLS{s.Version, s.ALPN, s.Subject, s.Issuer}
	}
	return j
}

// unsecret removes the secrets of queries from texts.
func unsecret(texts []string) []string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = secret.Hide(text)
	}
	return all
}

func inSeconds(d time.Duration) float64 { return float64(d.Milliseconds()) / 1000 }

func placeOf(p *probe.Place, opt Options) *jsonPlace {
	j := &jsonPlace{
		ByName: p.ByName, ByPort: p.ByPort, Location: p.Location.Name, Handshake: p.Model.Outcome.String(), Reason: p.Model.Reason, ReadTimeout: inSeconds(p.ReadTimeout),
	}
	if o := p.Location.Opener; o != nil {
		j.File, j.Line, j.Location = opt.Shown(o.Span().File.Name), o.Span().File.Position(o.Span().Start).Line, p.Location.Opener.Words()
	}
	return j
}

func suspectOf(s probe.Suspect, opt Options) jsonSuspect {
	c := s.Row.Cause
	j := jsonSuspect{
		Row: s.Row.Name, Cause: c.Name, Layer: string(c.Layer), Sure: s.Sure(), Weight: min(s.Weight, 100), What: c.What, Do: c.Do,
		Evidence: unsecret(s.Evidence), Rules: []string{}, Findings: []jsonFinding{},
	}
	for _, r := range c.Rules {
		j.Rules = append(j.Rules, r.Name)
	}
	for _, f := range s.Findings {
		j.Findings = append(j.Findings, jsonOf(f, opt))
	}
	return j
}
