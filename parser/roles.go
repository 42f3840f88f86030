package parser

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// inRoles returns the file of an Ansible playbook's roles that an include means, if its
// main file is one of a role: a template or a file with the same base name, if there is
// only one. Where a role puts it is not followed.
func (b *builder) inRoles(value string, inc *Included) []string {
	dir := RolesDir(b.cfg.Name)
	if dir == "" || !inc.Missing || inc.Denied || inc.Glob || b.opt.Root != "" {
		return nil
	}
	if b.roles == nil {
		b.roles = b.rolesOf(dir)
	}
	names := b.roles[path.Base(value)]
	if len(names) != 1 {
		return nil
	}
	inc.Missing, inc.Problem = false, ""
	return names
}

// RolesDir returns the directory of the roles that a file belongs to, or "".
func RolesDir(name string) string {
	playbook, _, found := strings.Cut("/"+name, "/roles/")
	if !found {
		return ""
	}
	return path.Join(strings.TrimPrefix(playbook, "/"), "roles")
}

// maxRoleFiles limits how many files of roles are looked at.
const maxRoleFiles = 2000

// rolesOf returns the templates and files of roles, by the base name that they have where
// they are installed.
func (b *builder) rolesOf(dir string) map[string][]string {
	all, looked := make(map[string][]string), 0
	var list func(dir string, depth int)
	list = func(dir string, depth int) {
		entries, err := b.list(dir)
		if err != nil {
			return
		}
		for _, e := range entries {
			name := path.Join(dir, e.Name())
			if looked++; looked > maxRoleFiles {
				return
			}
			switch {
			case e.IsDir() && (depth != 1 || e.Name() == "templates" || e.Name() == "files") && depth < 5:
				list(name, depth+1)
			case e.Type() == fs.FileMode(0) && depth > 1:
				base := installed(e.Name())
				all[base] = append(all[base], name)
			}
		}
	}
	list(dir, 0)
	return all
}

// installed returns a file's name without the ending of a template.
func installed(name string) string {
	if ending := path.Ext(name); slices.Contains([]string{".j2", ".jinja", ".jinja2"}, ending) {
		return strings.TrimSuffix(name, ending)
	}
	return name
}
