package lint

import (
	"net/url"
	"sort"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A RouteEntry of the inventory is a path of an Ingress or an HTTPRoute.
type RouteEntry struct {
	rules.ClusterRoute
	Findings []rules.Finding // errors and warnings in its object
	Hops     []string        // in front of it
}

// Routes lists the paths of Ingresses and HTTPRoutes that are meant for WebSockets; with
// all, also the others.
func Routes(res *Result, all bool) []RouteEntry {
	if len(res.manifests) == 0 {
		return nil
	}
	routes := rules.ClusterRoutes(kube.NewCluster(res.manifests))
	places := make(map[parser.Span]bool, len(routes))
	for _, r := range routes {
		places[r.At] = true
	}
	findings := findingsOf(res)
	var entries []RouteEntry
	for _, r := range routes {
		if !res.judged(r.At.File) || res.policy.leavesOut(r.At.File) || r.Why == "" && !all {
			continue
		}
		e := RouteEntry{ClusterRoute: r, Hops: rules.InFront(res.hops, rules.Way{Object: r.Object})}
		for _, f := range findings[r.Object] {
			if f.Span == r.At || !places[f.Span] { // not of another path
				e.Findings = append(e.Findings, f)
			}
		}
		e.Handshake = withErrors(e.Handshake, e.Findings)
		entries = append(entries, e)
	}
	return entries
}

// findingsOf returns the errors and warnings by the object in which they are.
func findingsOf(res *Result) map[*kube.Object][]rules.Finding {
	manifests := make(map[*parser.File]*kube.Manifest)
	for _, m := range res.manifests {
		manifests[m.File] = m
	}
	of := make(map[*kube.Object][]rules.Finding)
	for _, f := range res.Findings {
		m := manifests[f.Span.File]
		if m == nil || f.Rule.Cluster == nil || f.Severity < rules.Warning {
			continue
		}
		after := sort.Search(len(m.Objects), func(i int) bool { return m.Objects[i].Span().Start > f.Span.Start })
		if after > 0 {
			of[m.Objects[after-1]] = append(of[m.Objects[after-1]], f)
		}
	}
	return of
}

// withErrors returns the outcome of a handshake where errors are reported. A value that is
// ignored does not stop one.
func withErrors(h model.Handshake, findings []rules.Finding) model.Handshake {
	for _, f := range findings {
		if f.Severity == rules.Error && f.SeverityReason == "" && !strings.Contains(f.Message, "ignored") && h.Outcome == model.Passes {
			return model.Handshake{Outcome: model.Fails, Reason: f.Rule.Name + " is reported as an error", Likely: model.Fails}
		}
	}
	return h
}

// RouteFor returns the entry that serves a URL: that of its host with the longest path
// that the URL's path begins with, or nil.
func RouteFor(all []RouteEntry, u *url.URL) *RouteEntry {
	best, score := -1, -1
	for i, e := range all {
		n := hostScore(e.Host, u.Hostname())
		path := strings.TrimSuffix(e.Path, "/")
		if cut := strings.IndexAny(path, "(["); cut >= 0 { // a regular expression of ingress-nginx
			path = strings.TrimSuffix(path[:cut], "/")
		}
		if below, ok := strings.CutPrefix(u.Path, path); n < 0 || !ok || below != "" && below[0] != '/' {
			continue
		}
		if n = n*len(u.Path)*2 + len(path); n > score {
			best, score = i, n
		}
	}
	if best < 0 {
		return nil
	}
	return &all[best]
}

// hostScore returns how well a host of a rule matches, or -1.
func hostScore(pattern, host string) int {
	pattern, host = strings.ToLower(pattern), strings.ToLower(host)
	suffix, wild := strings.CutPrefix(pattern, "*")
	switch {
	case pattern == "":
		return 0
	case wild && strings.HasSuffix(host, suffix):
		return 1
	case pattern == host:
		return 2
	}
	return -1
}
