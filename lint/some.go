package lint

import (
	"errors"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// ErrCancelled is the error of a run that Options.Cancelled ended.
var ErrCancelled = errors.New("cancelled")

// FixIn works out the patches that fix the findings in a file, or all findings without
// one, as a run with Options.Fix does. Only one call at a time may be about a result.
func (r *Result) FixIn(file string, least fixer.Safety) (*Result, error) {
	return r.fixSome(least, func(id identity) bool { return file == "" || id.file == file })
}

// FixOne works out the patches that fix one finding of a result, as FixIn does.
func (r *Result) FixOne(f rules.Finding) (*Result, error) {
	fix := fixOf(&f)
	if fix == nil || fix.Safety == fixer.Shown {
		return nil, errors.New("the finding has no fix that can be applied")
	}
	one := identityOf(f, &outcome{})
	return r.fixSome(fix.Safety, func(id identity) bool { return id == one })
}

// fixSome works out the patches for the findings with some identities.
func (r *Result) fixSome(least fixer.Safety, only func(identity) bool) (*Result, error) {
	fixed := *r
	fixed.Findings = slices.Clone(r.Findings)
	s := &session{judge: r.judge, before: r.checked, findings: fixed.Findings, least: least, refused: make(map[identity]string), only: only}
	return &fixed, s.fix(&fixed)
}
