package main

import (
	"os"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// systemTree is where packages of nginx keep its configuration.
const systemTree = "/etc/nginx"

// defaultPath is what is checked where no path is given: in a repository that holds
// nginx configuration the current directory, or where that holds none the whole
// repository; elsewhere the current directory only if such files lie right in it;
// else what the system has.
func defaultPath() string {
	d, err := openDisk()
	if err != nil {
		return "." // which then cannot be read, and is reported
	}
	root := d.inRepository().current
	repository := isRepository(root)
	switch {
	case d.holds(d.current, repository):
		return "."
	case repository && root != d.current && d.holds(root, true):
		return root
	}
	if info, err := os.Stat(systemTree); err == nil && info.IsDir() {
		return systemTree
	}
	return "."
}

// holds reports whether nginx configuration lies in a directory, or with deep
// anywhere below it.
func (d disk) holds(dir string, deep bool) bool {
	name, err := d.name(dir)
	return err == nil && lint.Holds(d, name, deep)
}
