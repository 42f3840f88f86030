package main

import (
	"os"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// systemTree is the directory in which packages of nginx install its configuration.
const systemTree = "/etc/nginx"

// defaultPath returns the path to check if none is given. In a repository with nginx
// configuration it is the current directory, or the whole repository if the current
// directory has none. Elsewhere it is the current directory if such files are
// directly in it, else the system's configuration.
func defaultPath() string {
	d, err := openDisk()
	if err != nil {
		return "." // reading it fails, and that is reported
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

// holds reports whether a directory contains nginx configuration directly or, with
// deep, at any depth.
func (d disk) holds(dir string, deep bool) bool {
	name, err := d.name(dir)
	return err == nil && lint.Holds(d, name, deep)
}
