package model

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// tree is a file system of names and texts.
func tree(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1]), Mode: 0o644}
	}
	return fsys
}

func load(t *testing.T, fsys fs.FS, name string, opt parser.Options) *parser.Config {
	t.Helper()
	cfg, err := parser.Load(fsys, name, opt)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// modelOf returns a new model of the configuration that a context is part of.
func modelOf(c *parser.Context) *Model { return New(c.Config, nil) }
