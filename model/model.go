// Package model knows what nginx would do with a configuration: what becomes of a
// request that reaches a location, what its variables are worth, where it is routed,
// how a WebSocket handshake ends. It asks the tree of package parser and changes
// nothing there.
package model

import (
	"sync"
	"sync/atomic"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Model answers for one configuration. It remembers what it has worked out, and may
// be asked by many goroutines at once.
type Model struct {
	*parser.Config

	budget *Budget
	steps  atomic.Int64

	sockets    func() map[string]*Socket // see Sockets
	captures   func() map[string]bool    // see Defines
	compiled   expressions
	mapTables  mapTables
	serverRuns sync.Map // serverRun -> *walk, at its end
	indexes    sync.Map // *parser.Context -> *paths
	headerSets sync.Map // headerSet -> *sentLines
	redirects  sync.Map // see redirectTo
}

// New returns the model of a configuration. The budget is shared by all
// configurations of a run; with nil it has one of its own, by the size of its files.
func New(cfg *parser.Config, b *Budget) *Model {
	if b == nil {
		b = NewBudget(func() int64 {
			var bytes int64
			for _, f := range cfg.Files {
				bytes += int64(len(f.Src))
			}
			return bytes
		})
	}
	m := &Model{Config: cfg, budget: b}
	m.sockets = sync.OnceValue(m.findSockets)
	m.captures = sync.OnceValue(m.findCaptures)
	return m
}

// ByConfig returns models by their configurations, for what has a context only.
func ByConfig(all []*Model) map[*parser.Config]*Model {
	models := make(map[*parser.Config]*Model, len(all))
	for _, m := range all {
		models[m.Config] = m
	}
	return models
}
