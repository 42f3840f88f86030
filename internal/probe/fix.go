package probe

import (
	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// Found returns the findings of a cause's rules at the place, in the order of the
// rules, the most severe first.
func (p *Place) Found(c *cause.Cause) []rules.Finding {
	if p == nil {
		return nil
	}
	var all []rules.Finding
	for severity := rules.Error; severity >= rules.Info; severity-- {
		for _, r := range c.Rules {
			for _, f := range p.Findings {
				if f.Rule == r && f.Severity == severity {
					all = append(all, f)
				}
			}
		}
	}
	return all
}

// Fix returns proven patches for the findings of a cause's rules at the place. If the
// first finding can only be fixed by an unsafe fix, unsafe fixes are included and
// unsafe is true.
func (p *Place) Fix(c *cause.Cause) (patches []fixer.Patch, unsafe bool, err error) {
	found := p.Found(c)
	if len(found) == 0 {
		return nil, false, nil
	}
	opt := p.options
	opt.Fix, opt.Select, opt.Ignore = true, nil, nil
	for _, r := range c.Rules {
		opt.Select = append(opt.Select, r.Name)
		if r == rules.MissingUpgradeHeaders { // they do not help over HTTP/1.0
			opt.Select = append(opt.Select, rules.ProxyHTTPVersion.Name)
		}
	}
	for {
		res, err := lint.Run(opt)
		if err != nil {
			return nil, false, err
		}
		if opt.UnsafeFixes || len(found[0].Fixes) == 0 || found[0].Fixes[0].Safety != fixer.Unsafe {
			return res.Patches, opt.UnsafeFixes, nil
		}
		opt.UnsafeFixes = true
	}
}
