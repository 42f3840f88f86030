package fixer

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// Apply makes the edits of all fixes that Select accepts. The patches are sorted by
// file name; a file whose text does not change has none.
func Apply(fixes []Fix, least Safety) (patches []Patch, held []Fix) {
	made, _, held := choose(fixes, least)
	for file, edits := range made {
		if text := edits.applied(file.Src); !bytes.Equal(text, file.Src) {
			patches = append(patches, Patch{file, text, edits.moves()})
		}
	}
	slices.SortFunc(patches, func(a, b Patch) int { return cmp.Compare(a.File.Name, b.File.Name) })
	return patches, held
}

// Select chooses which fixes can be made together: each is taken whole, in
// order, unless it is less safe than least, has no edits, or touches an edit
// that an earlier one brought. Both lists keep the order of fixes.
//
// Two fixes may bring the very same edit (the map that both of them need); it
// is made once.
func Select(fixes []Fix, least Safety) (taken, held []Fix) {
	_, taken, held = choose(fixes, least)
	return taken, held
}

func choose(fixes []Fix, least Safety) (made map[*parser.File]editList, taken, held []Fix) {
	made = map[*parser.File]editList{}
	for _, fix := range fixes {
		own, ok := fix.byFile()
		if fix.Safety < least || !ok || clash(made, own) {
			held = append(held, fix)
			continue
		}
		for file, edits := range own {
			made[file] = made[file].merged(edits)
		}
		taken = append(taken, fix)
	}
	return made, taken, held
}

func clash(made, own map[*parser.File]editList) bool {
	for file, edits := range own {
		for _, e := range edits {
			if made[file].refuses(e) {
				return true
			}
		}
	}
	return false
}

// byFile sorts the fix's edits into lists. It reports false if they cannot be made:
// there are none, one lies outside its file, or two overlap.
func (fix Fix) byFile() (map[*parser.File]editList, bool) {
	lists := map[*parser.File]editList{}
	for _, e := range fix.Edits {
		s := e.Span
		if s.File == nil || s.Start < 0 || s.End < s.Start || s.End > len(s.File.Src) {
			return nil, false
		}
		lists[s.File] = lists[s.File].merged(editList{e})
	}
	for _, l := range lists {
		for i := 1; i < len(l); i++ {
			if l[i].Span.Start < l[i-1].Span.End {
				return nil, false
			}
		}
	}
	return lists, len(lists) > 0
}

// An editList holds the edits of one file, sorted by position, without duplicates. No
// two of the edits that Apply makes overlap, so their ends are sorted as well.
type editList []Edit

func byPlace(a, b Edit) int {
	return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
}

// merged returns the list with more edits. Edits at the same position keep their
// order.
func (l editList) merged(more editList) editList {
	for _, e := range more {
		i, _ := slices.BinarySearchFunc(l, e, byPlace)
		for i < len(l) && l[i] != e && byPlace(l[i], e) == 0 {
			i++
		}
		if i == len(l) || l[i] != e {
			l = slices.Insert(l, i, e)
		}
	}
	return l
}

// refuses reports whether an edit touches one in the list and is not the same edit.
func (l editList) refuses(e Edit) bool {
	i, _ := slices.BinarySearchFunc(l, e.Span.Start, func(x Edit, at int) int {
		return cmp.Compare(x.Span.End, at)
	})
	touching := false
	for ; i < len(l) && l[i].Span.Start <= e.Span.End; i++ {
		if l[i] == e {
			return false
		}
		touching = touching || touch(l[i].Span, e.Span)
	}
	return touching
}

// touch reports whether two edits of the spans depend on each other. What is
// replaced may adjoin what is replaced. An insertion at the border of another
// edit touches it: which of them comes first would be a guess, and the text
// that the insertion was meant for is no longer there.
func touch(a, b parser.Span) bool {
	if a.Start == a.End || b.Start == b.End {
		return a.Start <= b.End && b.Start <= a.End
	}
	return a.Start < b.End && b.Start < a.End
}

func (l editList) applied(src []byte) []byte {
	var text []byte
	at := 0
	for _, e := range l {
		text = append(text, src[at:e.Span.Start]...)
		text = append(text, e.New...)
		at = e.Span.End
	}
	return append(text, src[at:]...)
}

// moves are those of the edits.
func (l editList) moves() []move {
	all := make([]move, len(l))
	shift := 0
	for i, e := range l {
		all[i] = move{e.Span.Start, e.Span.End, e.Span.Start + shift, e.Span.Start + shift + len(e.New)}
		shift += len(e.New) - (e.Span.End - e.Span.Start)
	}
	return all
}
