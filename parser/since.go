package parser

// A Since says which versions have a directive or a behaviour: the version of each
// dialect that it came with. A relative without a number of its own has what the nginx
// has that it is based on. The zero value means all.
type Since struct{ Nginx, Angie, Tengine, Freenginx, OpenResty, Plus Number }

var (
	never  = Number{1 << 15}
	always = Number{0, 0, 1}
)

// of returns a relative's own number, if it has one.
func (s *Since) of(d Dialect) (n Number, ok bool) {
	n = [...]Number{Nginx: s.Nginx, Angie: s.Angie, Tengine: s.Tengine, Freenginx: s.Freenginx, OpenResty: s.OpenResty, Plus: s.Plus}[d]
	return n, d != Nginx && n != Number{}
}

// ever reports whether a version of a dialect has it, or a future one will.
func (s *Since) ever(d Dialect) bool {
	n, own := s.of(d)
	if !own {
		n = s.Nginx
	}
	return n != never
}

// Has reports whether a version has what a Since is about.
func (v Version) Has(s *Since) bool {
	if n, own := s.of(v.Dialect); own {
		return !v.Own.Less(n)
	}
	return !v.base().Less(s.Nginx)
}

// A Lifetime is the versions that have a directive.
type Lifetime struct {
	Since Since
	Until Since // the first versions without it; zero: it still exists
}

// within reports whether some version of a range has the directive.
func (l *Lifetime) within(v *Versions) bool {
	if l == nil {
		return true
	}
	gone := l.Until != Since{}
	some := v.Any(&l.Since) && (!gone || !v.Min.Has(&l.Until))
	v.Maybe.Each(func(d Dialect) {
		of := AnyOf(d)
		some = some || of.Any(&l.Since) && (!gone || !of.Min.Has(&l.Until))
	})
	return some
}
