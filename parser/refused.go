package parser

import (
	"fmt"
)

// RefusedDirectives returns what every version of a range would refuse on one
// level: directives in places where they are not allowed, with too few or too many
// parameters, with a block or a semicolon where it must be the other, with a value
// that nginx does not accept, or twice; and the lines of a map that contradict each
// other, buffers that do not fit each other, and zones that nothing declares.
func (c *Context) RefusedDirectives(v Versions) []Problem {
	set := c.Place()
	if set == 0 || !c.HasDirectives() {
		return nil
	}
	v.Maybe &^= v.Weak // what hints at them is worth a finding itself
	r := levelCheck{Context: c, set: set, versions: v}
	for _, d := range c.Directives {
		if message := r.directive(d); message != "" {
			r.all = append(r.all, Problem{d, c, message, r.acceptedBy(d)})
		}
	}
	return append(r.all, c.refusedTogether(set)...)
}

// A levelCheck looks for what nginx would refuse on one level.
type levelCheck struct {
	*Context
	set      ContextSet
	versions Versions
	seen     [(len(directives) + 63) / 64]uint64 // a bit for each row
	keys     map[lineKey]*Directive              // the first one of each: see repeated
	all      []Problem
}

// directive returns why nginx refuses a directive, or "". The order is nginx's.
func (r *levelCheck) directive(d *Directive) string {
	if d.rows.to == 0 {
		return r.ofRelative(d) // or perhaps of a module
	}
	row, known, allowed := d.rows.in(r.set, &r.versions, d.ParamCount())
	info := &directives[row]
	switch {
	case !known:
		return unknownDirective(d)
	case !allowed:
		return notAllowedHere(d)
	}
	if message := wrongShape(d, info.Block, info.Min, info.Max); message != "" {
		return message
	}
	if info.Form >= aloneForm {
		return r.repeated(row, d)
	}
	place, bit := d.rows.from/64, uint64(1)<<(d.rows.from%64)
	if !info.Repeat && r.seen[place]&bit != 0 {
		return duplicate(d)
	}
	r.seen[place] |= bit
	if info.Form != anyForm {
		return r.form(info, d)
	}
	return ""
}

func unknownDirective(d *Directive) string { return fmt.Sprintf("unknown directive %q", d.Name()) }

func notAllowedHere(d *Directive) string {
	return fmt.Sprintf("%q directive is not allowed here", d.Name())
}

// wrongShape returns what nginx says of a block where it must be none or the other way
// round, and of too few or too many parameters, or "".
func wrongShape(d *Directive, block bool, least, most int) string {
	switch {
	case d.Block != nil && !block:
		return fmt.Sprintf("directive %q is not terminated by \";\"", d.Name())
	case d.Block == nil && block:
		return fmt.Sprintf("directive %q has no opening \"{\"", d.Name())
	case d.ParamCount() < least || d.ParamCount() > most:
		return fmt.Sprintf("invalid number of arguments in %q directive", d.Name())
	}
	return ""
}

func duplicate(d *Directive) string { return fmt.Sprintf("%q directive is duplicate", d.Name()) }

// in returns which of the rows is for a kind of place: whether some version of a
// range knows the name, and allows it there. Of several such rows it is one that allows
// the number of parameters, if any does.
func (r rows) in(set ContextSet, v *Versions, params int) (row int, known, allowed bool) {
	for i := r.from; i < r.to; i++ {
		info := &directives[i]
		if info.Contexts&set == 0 || !info.Life.within(v) {
			known = known || info.Life.within(v)
			continue
		}
		if info.Min <= params && params <= info.Max {
			return int(i), true, true
		}
		if !allowed {
			row = int(i)
		}
		known, allowed = true, true
	}
	return row, known, allowed
}
