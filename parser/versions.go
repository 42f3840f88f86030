package parser

import "slices"

// Versions is the range of versions for which a statement must hold, including both
// ends, which are of one dialect. A zero Max means no end: future versions count too.
type Versions struct {
	Min, Max Version

	Open  bool     // it is not known whether it is nginx or a relative
	Maybe Dialects // if Open: the relatives that something hints at; any version of them counts too
	Weak  Dialects // of these, the ones that only what nginx refuses hints at
}

// AnyVersion is the range for an unknown version: every version from the oldest
// supported one.
var AnyVersion = Versions{Min: Version{Major: 1, Minor: 18}, Open: true}

// Only returns the range of one version.
func Only(v Version) Versions { return Versions{Min: v, Max: v} }

// AnyOf returns the range of all supported versions of a dialect.
func AnyOf(d Dialect) Versions { return Versions{Min: d.oldest()} }

// Single reports whether the range is one version.
func (v Versions) Single() bool { return v.Min == v.Max && v.Maybe == 0 }

// String returns the range as settings show it.
func (v Versions) String() string {
	switch {
	case v.Single():
		return v.Min.String()
	case v.Max.IsZero():
		return v.Min.String() + " and newer"
	}
	return v.Min.String() + " to " + v.Max.String()
}

// Program is what runs, for messages: nginx, Angie 1.12.1.
func (v Versions) Program() string {
	if v.Single() && v.Min.Dialect != Nginx {
		return v.Min.Title()
	}
	return v.Min.Dialect.Title()
}

// All reports whether every version of the range has what a Since is about.
func (v Versions) All(s *Since) bool {
	all := v.Min.Has(s)
	v.Maybe.Each(func(d Dialect) { all = all && AnyOf(d).All(s) })
	return all
}

// Any reports whether some version of the range has what a Since is about.
func (v Versions) Any(s *Since) bool {
	some := v.Max.IsZero() && s.ever(v.Min.Dialect) || v.Max.Has(s) || v.Min.Has(s)
	v.Maybe.Each(func(d Dialect) { some = some || AnyOf(d).Any(s) })
	return some
}

// Named is From with the name of the program: nginx 1.29.7, Angie 1.12.0.
func (v Versions) Named(s *Since) string {
	if first := v.From(s); v.Min.Dialect != Nginx || first == "" {
		return first
	}
	return "nginx " + v.From(s)
}

// From names the first version with what a Since is about, in the numbers of the
// range's dialect: 1.29.7, Angie 1.12.0. It is "" if none has it.
func (v Versions) From(s *Since) string {
	d := v.Min.Dialect
	switch {
	case !s.ever(d):
		return ""
	case d == Nginx:
		return Nginx.version(s.Nginx).Base()
	}
	own, _ := s.of(d)
	for _, b := range dialects[d].bases {
		if first := d.version(b.own); own == (Number{}) && first.Has(s) {
			own = b.own
		}
	}
	if own == (Number{}) {
		own = s.Nginx
	}
	return d.version(own).Title()
}

// Samples returns versions that represent the whole range, oldest first: what holds
// for each of them holds for every version. Those of other relatives come first.
func (v Versions) Samples() []Version {
	var samples []Version
	v.Maybe.Each(func(d Dialect) { samples = append(samples, AnyOf(d).Samples()...) })
	samples = append(samples, v.Min)
	last := v.Min
	for _, next := range v.Min.Dialect.turning() {
		if !last.before(next) || !v.Max.IsZero() && v.Max.before(next) {
			continue
		}
		if slices.ContainsFunc(behaviour, func(s *Since) bool { return next.Has(s) != last.Has(s) }) {
			samples = append(samples, next)
			last = next
		}
	}
	return samples
}

// before reports whether v is an older version than w of the same dialect.
func (v Version) before(w Version) bool {
	if v.Own != w.Own {
		return v.Own.Less(w.Own)
	}
	return v.Before(w)
}

// turning returns the versions of a dialect in which behaviour may change, oldest
// first.
func (d Dialect) turning() []Version {
	var all []Version
	for _, s := range behaviour {
		own, known := s.of(d)
		if !known {
			own = s.Nginx
		}
		if own != never && (known || dialects[d].bases == nil) {
			all = append(all, d.version(own))
		}
	}
	for _, b := range dialects[d].bases {
		all = append(all, d.version(b.own))
	}
	slices.SortFunc(all, func(a, b Version) int {
		switch {
		case a.before(b):
			return -1
		case b.before(a):
			return 1
		}
		return 0
	})
	return all
}
