package lint

import (
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// newUnknown returns a variable that a patched file uses, that it did not use
// before, and that nginx is not sure to know wherever it reads the file, or "".
// A main file brings all that it includes. Without one each file counts for
// itself, and for the files that it includes: nobody knows which are read together.
func newUnknown(done *outcome) string {
	for old := range done.texts {
		file, err := done.after.files.Read(old.Name)
		if err != nil {
			return fmt.Sprintf("%s cannot be read again", path.Base(old.Name))
		}
		before := used(old)
		for _, name := range slices.Sorted(maps.Keys(used(file))) {
			if before[name] || model.Builtin(name) {
				continue
			}
			for _, cfg := range done.after.configs {
				if slices.Contains(cfg.Files, file) && !sureOf(cfg, file, name) {
					return fmt.Sprintf("%s: nothing that nginx is sure to read with it defines $%s", path.Base(old.Name), name)
				}
			}
		}
	}
	return ""
}

// used returns the variables that a file's directives have.
func used(f *parser.File) map[string]bool {
	all := make(map[string]bool)
	f.Root.Walk(func(d *parser.Directive) {
		for i := range d.ParamCount() {
			for _, name := range parser.VariablesIn(d.Param(i)) {
				all[name] = true
			}
		}
	})
	return all
}

// sureOf reports whether nginx knows a variable in each place at which a
// configuration reads a file.
func sureOf(cfg *model.Model, file *parser.File, name string) bool {
	if !cfg.Fragment {
		return cfg.Defines(name)
	}
	defined := cfg.Variables(name)
	if len(defined) == 0 {
		return cfg.Defines(name) // by a capture
	}
	for _, c := range cfg.ContextsOf(file.Root) {
		homes := []*parser.File{file}
		for ; c != nil; c = c.Parent {
			if c.Opener != nil {
				homes = append(homes, c.Opener.Span().File)
			}
		}
		if !slices.ContainsFunc(defined, func(v *parser.Variable) bool { return slices.Contains(homes, v.Directive.Span().File) }) {
			return false
		}
	}
	return true
}
