// Package model knows what nginx would do with a configuration: what happens to a
// request that reaches a location, the values of its variables, where it is routed
// and how a WebSocket handshake ends. It reads the tree of package parser and does
// not change it.
package model

import (
	"sync"
	"sync/atomic"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Model answers questions about one configuration. It caches its results and can be
// used by many goroutines at once.
type Model struct {
	*parser.Config

	budget *Budget
	steps  atomic.Int64

	sockets    func() map[string]*Socket // see Sockets
	captures   func() map[string]bool    // see Defines
	atStart    func() map[string]bool    // see findAtStart
	compiled   expressions
	mapTables  mapTables
	serverRuns sync.Map // serverRun -> *requestState at its end
	indexes    sync.Map // *parser.Context -> *paths
	headerSets sync.Map // headerSet -> *sentLines
	redirects  sync.Map // see redirectTo
}

// New returns the model of a configuration. All configurations of a run share the
// budget. With nil the model has its own, according to the size of its files.
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
	m.atStart = sync.OnceValue(m.findAtStart)
	return m
}

// ByConfig returns models by configuration, for callers that have only a context.
func ByConfig(all []*Model) map[*parser.Config]*Model {
	models := make(map[*parser.Config]*Model, len(all))
	for _, m := range all {
		models[m.Config] = m
	}
	return models
}
