package parser

import (
	"slices"
	"strings"
)

// acceptedBy returns a relative of nginx that accepts a directive which nginx refuses,
// or "" if it is known to be nginx that reads it.
func (r *levelCheck) acceptedBy(d *Directive) string {
	if !r.versions.Open || !plausible(d) {
		return ""
	}
	if d.Is("upstream") {
		if r.otherCase(d) {
			return Tengine.Title()
		}
		return ""
	}
	alone := levelCheck{Context: r.Context, set: r.set, versions: r.versions}
	if alone.directive(d) == "" {
		return "" // it is refused because of others
	}
	for of := Angie; int(of) < len(dialects); of++ {
		other := levelCheck{Context: r.Context, set: r.set, versions: AnyOf(of)}
		if other.directive(d) == "" {
			return of.Title()
		}
	}
	return ""
}

// plausible reports whether the parameters of a directive are meant to be its own, and
// not those of a line whose semicolon is missing.
func plausible(d *Directive) bool {
	n := d.ParamCount()
	if d.Is("location") && severalNames(d) {
		return d.combined()
	}
	return n <= 4 || d.Is("location", "limit_req_zone")
}

// otherCase reports whether an upstream has the name of another one of the level, except
// for upper and lower case: Tengine tells them apart. Of many nothing is said.
func (r *levelCheck) otherCase(d *Directive) bool {
	own := r.Own("upstream")
	same := 0
	for _, other := range own[:min(len(own), maxCompared)] {
		if other.Param(0) == d.Param(0) { // d itself is there twice where its file is
			same++
		}
	}
	return r.set == InHTTP && d.Block != nil && same < 2 && len(own) <= maxCompared
}

// RelativeInfos returns the rows of a name that only relatives of nginx have.
func RelativeInfos(name string) []RelativeInfo {
	first, found := slices.BinarySearchFunc(relativeDirectives[:], name, func(r RelativeInfo, name string) int { return strings.Compare(r.Name, name) })
	if !found {
		return nil
	}
	last := first
	for last < len(relativeDirectives) && relativeDirectives[last].Name == name {
		last++
	}
	return relativeDirectives[first:last]
}

// within reports whether some version of a range of its dialect has the directive.
func (i *RelativeInfo) within(v *Versions) bool {
	return v.Min.Dialect == i.In && (v.Max.IsZero() || !v.Max.Own.Less(i.Since)) && (i.Until == Number{} || v.Min.Own.Less(i.Until))
}

// ofRelative returns why the dialect that is known to read a directive refuses it,
// although relatives have it, or "".
func (r *levelCheck) ofRelative(d *Directive) string {
	all := RelativeInfos(d.Name())
	if len(all) == 0 || r.versions.Open {
		return ""
	}
	module, known, allowed, message := false, false, false, ""
	for i := range all {
		info := &all[i]
		if module = module || info.Module; info.Module || !info.within(&r.versions) {
			continue
		}
		known = true
		if info.Contexts&r.set != 0 {
			if problem := wrongShape(d, info.Block, info.Min, info.Max); !allowed || problem == "" {
				message = problem
			}
			allowed = true
		}
	}
	switch {
	case module: // what a build has of it is unknown
		return ""
	case !known:
		return unknownDirective(d)
	case !allowed:
		return notAllowedHere(d)
	}
	return message
}
