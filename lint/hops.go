package lint

import (
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/hops"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// neighbours are what is known about the objects of Kubernetes and the hops next to the
// configurations of a workspace.
type neighbours struct {
	clustered *kube.Cluster  // see cluster
	hopNames  []string       // files that may show hops in front of nginx
	hopFiles  []*parser.File // those that do
	hops      []hops.Hop     // see readHops
}

// maxHopFiles limits how many files with hops are read.
const maxHopFiles = 500

// readHops reads the files that show hops in front of nginx, according to their names,
// if there is anything behind them. Fixes do not change these files.
func (w *workspace) readHops() []hops.Hop {
	if len(w.configs) == 0 && !w.routes() {
		return nil
	}
	if w.hops == nil {
		w.hops = []hops.Hop{}
		for i, name := range w.hopNames {
			src, err := w.files.ReadRegular(name, hops.MaxSize)
			if err != nil || i >= maxHopFiles {
				continue
			}
			f := parser.Foreign(name, src)
			if found := hops.Read(f); len(found) > 0 {
				w.hops = append(w.hops, found...)
				w.hopFiles = append(w.hopFiles, f)
			}
		}
	}
	if len(w.manifests) == 0 {
		return w.hops
	}
	return slices.Concat(w.hops, hops.OfCluster(w.cluster()))
}

// filesWithHops returns the files that show hops.
func (w *workspace) filesWithHops() []*parser.File {
	w.readHops()
	return w.hopFiles
}

// ways returns what is behind the hops.
func (j *judge) ways(w *workspace) []rules.Way {
	var ways []rules.Way
	for _, cfg := range w.plain() {
		ways = append(ways, rules.WaysOf(rules.NewTree(cfg, rules.Settings{Versions: j.versions, Intent: j.intent}))...)
	}
	if len(w.manifests) > 0 {
		ways = append(ways, rules.ClusterWays(w.cluster())...)
	}
	return ways
}

// hopFindings runs the rules about hops.
func (j *judge) hopFindings(w *workspace) []rules.Finding {
	if !slices.ContainsFunc(j.rules, func(r *rules.Rule) bool { return r.Hops != nil }) {
		return nil
	}
	all := w.readHops()
	if len(all) == 0 {
		return nil
	}
	return j.beside(w, rules.RunHops(all, j.ways(w), j.rules))
}

// beside decides about findings that are not in a configuration.
func (j *judge) beside(w *workspace, found []rules.Finding) []rules.Finding {
	var all []rules.Finding
	for _, f := range found {
		if w.judged(f.Span.File) && j.reports(f) {
			f.Places = 1
			j.decideSeverity(&f, nil)
			decideSafety(w, nil, &f, nil)
			all = append(all, f)
		}
	}
	return all
}
