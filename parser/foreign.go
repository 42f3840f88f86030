package parser

import "bytes"

// Foreign returns a file in a language that nginx does not read, such as YAML: findings
// and edits have places in it, and it has no directives.
func Foreign(name string, src []byte) *File {
	f := &File{Name: name, Src: src, blocks: 1, foreign: true}
	f.Root = &Block{Span: Span{f, 0, len(src)}, Closed: true}
	f.marked = bytes.Contains(src, []byte(MarkName))
	if f.marked {
		f.Comments = Comments(f)
	}
	return f
}

// Comments returns the comments of a file in which they begin with # at the start of a
// line or after white space, as in YAML.
func Comments(f *File) []Span {
	var all []Span
	src := f.Src
	for start := 0; start < len(src); {
		end := len(src)
		if i := bytes.IndexByte(src[start:], '\n'); i >= 0 {
			end = start + i
		}
		if i := commentIn(src[start:end]); i >= 0 {
			all = append(all, Span{f, start + i, end})
		}
		start = end + 1
	}
	return all
}

// commentIn returns where a comment begins in a line, or -1. A # in a quoted text that
// follows white space is taken for one too: only comments to this program are used.
func commentIn(line []byte) int {
	for i, c := range line {
		if c == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') {
			return i
		}
	}
	return -1
}

// Foreign reports whether the file is in a language that nginx does not read.
func (f *File) Foreign() bool { return f.foreign }
