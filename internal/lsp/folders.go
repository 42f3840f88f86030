package lsp

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

func (s *server) initialize(params json.RawMessage) (any, error) {
	p, err := decode[initializeParams](params)
	if err != nil {
		return nil, err
	}
	if s.initialized {
		return nil, failed(invalidRequest, "initialize can be sent only once")
	}
	s.client, s.initialized = p.Capabilities, true
	s.utf8 = slices.Contains(p.Capabilities.General.PositionEncodings, "utf-8")
	if p.Options != nil {
		if err := json.Unmarshal(p.Options, &s.settings); err != nil {
			s.conn.log(logError, "initializationOptions: %v", err)
		}
	}
	folders := p.WorkspaceFolders
	if len(folders) == 0 && cmp.Or(p.RootURI, p.RootPath) != "" {
		folders = []folder{{URI: cmp.Or(p.RootURI, uriOf(p.RootPath))}}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addFolders(folders)
	return s.capabilities(), nil
}

// capabilities returns what the server can do.
func (s *server) capabilities() any {
	type options map[string]any
	encoding := "utf-16"
	if s.utf8 {
		encoding = "utf-8"
	}
	can := options{
		"positionEncoding": encoding,
		"textDocumentSync": options{"openClose": true, "change": 2, "save": options{"includeText": false}},
		"workspace":        options{"workspaceFolders": options{"supported": true, "changeNotifications": true}},
		"codeActionProvider": options{
			"codeActionKinds": []string{kindQuickFix, kindFixAll, kindFixTree},
			"resolveProvider": true,
		},
		"hoverProvider": true, "definitionProvider": true, "referencesProvider": true, "documentSymbolProvider": true,
		"documentLinkProvider": options{}, "codeLensProvider": options{}, "inlayHintProvider": true,
		"completionProvider": options{"triggerCharacters": []string{"$", "@", "/"}},
	}
	if s.pulled() {
		can["diagnosticProvider"] = options{"identifier": source, "interFileDependencies": true, "workspaceDiagnostics": false}
	}
	return options{"capabilities": can, "serverInfo": options{"name": "nginx-ws-lint", "version": s.host.Version}}
}

// begin is called after initialize: from now on the server may send requests.
func (s *server) begin(json.RawMessage) error {
	var all []registration
	if s.client.Workspace.DidChangeWatchedFiles.DynamicRegistration {
		type watcher struct {
			Glob string `json:"globPattern"`
		}
		// Any file may be included, so all are watched; what is checked is decided by
		// reading.
		all = append(all, registration{"files", "workspace/didChangeWatchedFiles", map[string]any{"watchers": []watcher{{"**/*"}}}})
	}
	if s.client.Workspace.DidChangeConfiguration.DynamicRegistration {
		all = append(all, registration{"settings", "workspace/didChangeConfiguration", map[string]any{"section": section}})
	}
	if len(all) > 0 {
		s.conn.call("client/registerCapability", map[string]any{"registrations": all}, func(json.RawMessage, bool) {})
	}
	if s.client.Workspace.Configuration {
		s.askSettings()
	}
	return nil
}

// addFolders adds folders of the workspace. The caller holds s.mu.
func (s *server) addFolders(all []folder) {
	for _, f := range all {
		path, err := pathOf(f.URI)
		if err != nil {
			s.conn.log(logWarning, "the folder is not checked: %v", err)
			continue
		}
		if path = realPath(path); tooWide(path) || slices.Contains(s.folders, path) {
			continue
		}
		s.folders = append(s.folders, path)
		s.tree(path).change()
	}
}

func (s *server) foldersChanged(params json.RawMessage) error {
	p, err := decode[struct {
		Event struct {
			Added   []folder `json:"added"`
			Removed []folder `json:"removed"`
		} `json:"event"`
	}](params)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range p.Event.Removed {
		if path, err := pathOf(f.URI); err == nil {
			s.folders = slices.DeleteFunc(s.folders, func(have string) bool { return have == realPath(path) })
		}
	}
	s.addFolders(p.Event.Added)
	for uri, d := range s.docs { // they may belong to another tree now
		moved := *d
		moved.tree = s.treeOf(d.path)
		s.docs[uri] = &moved
		moved.tree.change()
	}
	s.tidy()
	return nil
}

// treeOf returns the tree that a file belongs to: the innermost folder of the
// workspace around it, else the file's directory. The caller holds s.mu.
func (s *server) treeOf(path string) *tree {
	path = realPath(path)
	best := ""
	for _, dir := range s.folders {
		if within(path, dir) && len(dir) > len(best) {
			best = dir
		}
	}
	if best == "" {
		if best = filepath.Dir(path); tooWide(best) {
			best = path
		}
	}
	return s.tree(best)
}

// tooWide reports whether a directory has too many files that have nothing to do with
// each other to be checked as a whole.
func tooWide(dir string) bool {
	home, err := os.UserHomeDir()
	return filepath.Dir(dir) == dir || err == nil && realPath(home) == dir || realPath(os.TempDir()) == dir
}

// tree returns the tree of a path. The caller holds s.mu.
func (s *server) tree(path string) *tree {
	t := s.trees[path]
	if t == nil {
		t = &tree{server: s, path: path, sent: make(map[string]known)}
		t.changed = sync.NewCond(&s.mu)
		s.trees[path] = t
		go t.run()
	}
	return t
}

// tidy stops the trees that no folder and no open document needs. The caller holds
// s.mu.
func (s *server) tidy() {
	needed := make(map[*tree]bool)
	for _, dir := range s.folders {
		needed[s.tree(dir)] = true
	}
	for _, d := range s.docs {
		needed[d.tree] = true
	}
	for path, t := range s.trees {
		if !needed[t] {
			t.stop()
			delete(s.trees, path)
		}
	}
}
