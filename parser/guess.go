package parser

import (
	"slices"
	"strings"
)

// contextMark begins a comment at the top of a fragment that names its context: "#
// nginx-ws-lint: context http".
const contextMark = Mark + " context "

// GuessContext returns the context that a file's directives imply: main, http,
// server, location, upstream or stream. A comment can name it. Otherwise the most
// telling directive decides: a server block is in http, whatever else the file has.
func GuessContext(f *File) string { return f.guess }

func guessContext(f *File) string {
	best := 0
	for _, d := range f.Root.Directives {
		best = max(best, telling(d))
	}
	if name := saidContext(f); name != "" && guessedContexts[best] != "main" {
		return name
	}
	return guessedContexts[best]
}

// saidContext returns the context that a comment at a fragment's top level names, or
// "". A comment in a block does not count, because the block's context is known.
func saidContext(f *File) string {
	if !f.marked {
		return ""
	}
	for _, c := range f.Comments {
		_, name, ok := strings.Cut(c.Text(), contextMark)
		name = strings.TrimSpace(name)
		if _, known := impliedLevels[name]; ok && known && !inBlock(f.Root, c) {
			return name
		}
	}
	return ""
}

func inBlock(b *Block, s Span) bool {
	return slices.ContainsFunc(b.Directives, func(d *Directive) bool {
		return d.Block != nil && d.Block.Span.Start < s.Start && s.End <= d.Block.Span.End
	})
}

var guessedContexts = []string{"location", "upstream", "server", "http", "stream", "main"}

// servesStream reports whether a server is one of stream: it has a directive that only
// stream has, or it passes connections on to an address without a scheme and has no
// locations.
func servesStream(server *Block) bool {
	passes := false
	for _, d := range server.Directives {
		if in := ContextsOf(d.Name()); in&InStreamServer != 0 && in&(InServer|InLocation) == 0 {
			return true
		}
		if d.Is("location", "server_name", "root") {
			return false
		}
		passes = passes || d.Is("proxy_pass") && !strings.Contains(d.Param(0), "://")
	}
	return passes
}

// telling returns the index in guessedContexts of the context that a directive at a
// file's top level implies. Names that fit many contexts imply location.
func telling(d *Directive) int {
	block := d.Block != nil
	switch strings.TrimPrefix(d.Name(), "\ufeff") { // a byte order mark is reported elsewhere
	case "events", "http", "mail", "user", "worker_processes", "pid", "load_module", "worker_rlimit_nofile", "daemon", "pcre_jit":
		return 5
	case "stream":
		return 5
	case "upstream", "map", "geo", "split_clients", "log_format", "limit_req_zone", "limit_conn_zone", "proxy_cache_path",
		"server_names_hash_bucket_size", "map_hash_bucket_size", "types_hash_max_size", "server_names_hash_max_size":
		return 3
	case "server":
		if block && servesStream(d.Block) {
			return 4
		}
		if block {
			return 3
		}
		return 1 // a line of an upstream
	case "location", "server_name", "listen":
		return 2
	}
	return 0
}
