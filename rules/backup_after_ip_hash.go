package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// BackupAfterIPHash finds backup servers after a balancing method that does not
// support them. nginx refuses such a configuration.
var BackupAfterIPHash = &Rule{
	Name:     "backup-after-ip-hash",
	Summary:  "a backup server follows ip_hash, hash or random, which do not support one",
	Group:    Balancing,
	Severity: Error,
	Level:    backupAfterIPHash,
}

// takesNoBackup are the methods that do not support backup servers.
var takesNoBackup = parser.NewNameSet("ip_hash", "hash", "random")

func backupAfterIPHash(p *Pass, u *parser.Context) {
	if u.Name != "upstream" || u.Parent.Name != "http" || u.Opener == nil || u.Lacks(takesNoBackup) {
		return
	}
	var method *parser.Directive
	for _, d := range u.Directives {
		if d.Is("ip_hash", "hash", "random") {
			method = d
		}
		if method == nil || !d.Is("server") || !hasWord(d, "backup") {
			continue
		}
		f := Finding{
			Severity: Error, Span: wordsSpan(d), Context: u,
			Message: fmt.Sprintf("%s refuses the configuration: a backup server after %s (balancing method does not support parameter \"backup\")", p.program(), method.Name()),
			Related: []Related{{method.Span(), "the method"}},
		}
		if fix, ok := methodLast(u, method); ok {
			f.Fixes = []fixer.Fix{fix}
		}
		p.Report(f, nil)
		return // one is enough: all of them go with the method
	}
}

// methodLast puts ip_hash after the servers, where nginx accepts it, and the backup
// is used if the others are down. It has to stay before keepalive.
func methodLast(u *parser.Context, method *parser.Directive) (fixer.Fix, bool) {
	servers := u.Own("server")
	last := servers[len(servers)-1]
	for _, d := range u.Own("keepalive") {
		if d.In != last.In || d.Span().Start < last.Span().Start {
			return fixer.Fix{}, false
		}
	}
	if !method.Is("ip_hash") || method.In != last.In || len(u.Own("ip_hash")) > 1 {
		return fixer.Fix{}, false
	}
	return fixer.Fix{
		Message: "put ip_hash after the servers, where nginx accepts it", Safety: fixer.Unsafe,
		Edits: []fixer.Edit{removeDirective(method), insertAfter(last, []string{written(method)})},
	}, true
}
