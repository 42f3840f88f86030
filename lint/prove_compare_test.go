package lint

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// newMessages are those of the second run that the first did not have.
func newMessages(before, after []string) []string {
	had := make(map[string]int)
	strip := regexp.MustCompile(`:\d+$|\d+#\d+: `)
	for _, m := range before {
		had[strip.ReplaceAllString(m, "")]++
	}
	var more []string
	for _, m := range after {
		if had[strip.ReplaceAllString(m, "")]--; had[strip.ReplaceAllString(m, "")] < 0 {
			more = append(more, m)
		}
	}
	return more
}

// compare checks the patch's promises.
func (r *provingRun) compare(took bool, before, after []answer) {
	r.prover.count(func(t *totals) { t.ran++ })
	if !took {
		r.prover.count(func(t *totals) { t.started++ })
		before = make([]answer, len(after))
	}
	if len(before) != len(after) {
		return // said already
	}
	for i, q := range r.questions {
		old, now := before[i], after[i]
		r.prover.count(func(t *totals) { t.handshakes++ })
		changes, named := r.res.proven.changes(modelOf(q.place.Config), q.place, r.keys, r.version)
		where := fmt.Sprintf("%v, %s, server %d, %s (%s)", r.nginx, r.before.Name, q.server, q.path, r.keys.of(q.place))
		switch {
		case old.passes && !now.passes, old.front && !now.front:
			r.problem("%s: a handshake that passed does not: %d", where, now.status)
		case old.passes:
			r.prover.count(func(t *totals) { t.kept++ })
		case now.passes:
			r.prover.count(func(t *totals) { t.mended++ })
		default:
			r.unmended(where, q, now)
		}
		if !took {
			continue
		}
		r.plain(where, old, now, named, changes)
		for protocol, over := range now.over {
			r.prover.count(func(t *totals) { t.newer[protocol]++ })
			r.plain(where+" over "+protocol, old.over[protocol], over, named, changes)
		}
	}
}

// unmended reports a handshake that still fails. A fix must at least fix what it is
// for: the backends answer 426 if headers are missing, and 400 if the version is
// wrong.
func (r *provingRun) unmended(where string, q question, now answer) {
	made := r.made()[r.keys.of(q.place)]
	if made["missing-upgrade-headers"] && now.status == http.StatusUpgradeRequired || made["proxy-http-version"] && now.status == http.StatusBadRequest {
		r.problem("%s: called broken and fixed, and still %d: %s", where, now.status, now.model.Reason)
	}
	if len(made) > 0 {
		r.prover.count(func(t *totals) { t.left++ })
	}
}

// made are the rules whose fixes were made, by the locations that they name.
func (r *provingRun) made() map[string]map[string]bool {
	if r.fixed != nil {
		return r.fixed
	}
	r.fixed = make(map[string]map[string]bool)
	held := make(map[parser.Span]map[string]bool)
	for _, h := range r.res.Held {
		if held[h.Finding.Span] == nil {
			held[h.Finding.Span] = make(map[string]bool)
		}
		held[h.Finding.Span][h.Finding.Rule.Name] = true
	}
	for _, f := range r.res.Findings {
		if len(f.Fixes) == 0 || held[f.Span][f.Rule.Name] {
			continue
		}
		for _, c := range f.Fixes[0].Names {
			key := r.keys.of(c)
			if r.fixed[key] == nil {
				r.fixed[key] = make(map[string]bool)
			}
			r.fixed[key][f.Rule.Name] = true
		}
	}
	return r.fixed
}

// plain compares what a plain request sends upstream.
func (r *provingRun) plain(where string, old, now answer, named bool, changes []string) {
	was, is := r.parts(old.asked), r.parts(now.asked)
	switch {
	case !named:
		changes = nil
	case old.plain == http.StatusGatewayTimeout && slices.Contains(changes, "proxy_read_timeout"):
		return // nginx gave up at once: what went out by then is a matter of luck
	case old.plain == http.StatusBadRequest && len(old.asked) == 0 && slices.Contains(changes, "Host"):
		return // Go's server refuses a request with two Hosts before the backend sees it
	case old.plain >= http.StatusBadRequest && len(old.asked) == 0 && (slices.Contains(changes, "target") || slices.Contains(changes, "method")):
		return // it did not reach the application, and now does
	case strings.HasPrefix(was["target"], "PRI * ") && slices.Contains(changes, "HTTP version"):
		return // HTTP/2, of which the backends understand no more than its first line
	}
	if slices.Contains(changes, "target") { // from which the default Host comes
		changes = append(slices.Clone(changes), "the upstream", "Host")
	}
	if slices.Contains(changes, "method") {
		changes = append(slices.Clone(changes), "target")
	}
	for name := range maps.Keys(mergeKeys(was, is)) {
		if was[name] != is[name] && !slices.Contains(changes, name) {
			r.problem("%s: a plain request had %s %q and has %q; the fixes name it: %v %q", where, name, was[name], is[name], named, changes)
		}
	}
	r.prover.count(func(t *totals) {
		if named {
			t.plainSaid++
		} else {
			t.plainSame++
		}
	})
}

// upstreams maps the stand-ins of servers, in upstream blocks and elsewhere, to what
// they replace.
func (r *provingRun) upstreams() map[string]string {
	if r.groups != nil {
		return r.groups
	}
	r.groups = make(map[string]string)
	for _, name := range r.fleet.Names() {
		r.groups[name] = name
	}
	for _, u := range r.before.Upstreams() {
		for _, d := range u.Own("server") {
			r.groups[d.Param(0)] = "a server of " + u.Opener.Param(0)
		}
	}
	return r.groups
}

func mergeKeys(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// changing matches what differs from request to request: $request_id and the
// like.
var changing = regexp.MustCompile(`\b[0-9a-f]{32}\b|\b(3[2-9]|[45]\d|6[0-5])\d{3}\b|\b\d{10}(\.\d{3})?\b`)

var httpVersion = regexp.MustCompile(`HTTP/1\.\d`)

// parts splits a request by the names that fixes give to changes. All servers of an
// upstream block are equivalent.
func (r *provingRun) parts(asked []string) map[string]string {
	all := make(map[string]string)
	for _, request := range asked {
		to, request, _ := strings.Cut(request, " asked ")
		all["the upstream"] += r.upstreams()[to] + " "
		for i, part := range strings.Split(request, "; ") {
			part = changing.ReplaceAllString(part, "N")
			name, value, _ := strings.Cut(part, ": ")
			if i == 0 {
				all["HTTP version"] += httpVersion.FindString(part) + " "
				name, value = "target", httpVersion.ReplaceAllString(part, "")
			}
			all[name] += value + " "
		}
	}
	return all
}
