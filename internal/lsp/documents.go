package lsp

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// A document is a file that is open in the editor.
type document struct {
	uri, path, name string // name in the file system, links resolved
	language        string
	tree            *tree
	version         int
	src             []byte // never changed, but replaced
	text            *text  // of src, or nil
}

// notifications are the handlers by method.
var notifications map[string]func(*server, json.RawMessage) error

func init() {
	notifications = map[string]func(*server, json.RawMessage) error{
		"initialized":                         (*server).begin,
		"textDocument/didOpen":                (*server).didOpen,
		"textDocument/didChange":              (*server).didChange,
		"textDocument/didClose":               (*server).didClose,
		"textDocument/didSave":                (*server).didSave,
		"workspace/didChangeWatchedFiles":     (*server).filesChanged,
		"workspace/didChangeConfiguration":    (*server).settingsChanged,
		"workspace/didChangeWorkspaceFolders": (*server).foldersChanged,
		"$/cancelRequest":                     (*server).cancel,
	}
}

func (s *server) didOpen(params json.RawMessage) error {
	p, err := decode[struct {
		TextDocument documentItem `json:"textDocument"`
	}](params)
	if err != nil {
		return err
	}
	item := p.TextDocument
	path, err := pathOf(item.URI)
	if err != nil {
		s.conn.log(logInfo, "not checked: %v", err)
		return nil
	}
	name, err := s.host.Name(realPath(path))
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := &document{uri: item.URI, path: path, name: name, language: item.LanguageID, version: item.Version, src: []byte(item.Text)}
	d.tree = s.treeOf(path)
	s.docs[item.URI] = d
	d.tree.change()
	return nil
}

func (s *server) didChange(params json.RawMessage) error {
	p, err := decode[changeParams](params)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.docs[p.TextDocument.URI]
	if d == nil {
		return nil
	}
	changed := *d // checks that are running have the old one
	for _, c := range p.ContentChanges {
		changed.apply(c, s.utf8)
	}
	if p.TextDocument.Version != nil {
		changed.version = *p.TextDocument.Version
	}
	s.docs[d.uri] = &changed
	d.tree.change()
	return nil
}

// apply makes one change of the text.
func (d *document) apply(c contentChange, utf8 bool) {
	if c.Range == nil {
		d.src, d.text = []byte(c.Text), nil
		return
	}
	t := d.textIn(utf8)
	start, end := t.offset(c.Range.Start), t.offset(c.Range.End)
	if end < start {
		start, end = end, start
	}
	d.src, d.text = slices.Concat(d.src[:start], []byte(c.Text), d.src[end:]), nil
}

// textIn returns the text for conversions of positions.
func (d *document) textIn(utf8 bool) *text {
	if d.text == nil {
		d.text = newText(d.src, utf8)
	}
	return d.text
}

func (s *server) didClose(params json.RawMessage) error {
	return s.onDocument(params, func(d *document) {
		delete(s.docs, d.uri)
		d.tree.change()
		s.tidy()
	})
}

// onDocument calls a function, which holds s.mu, with the document that a notification
// names, if it is open.
func (s *server) onDocument(params json.RawMessage, f func(*document)) error {
	p, err := decode[documentParams](params)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.docs[p.TextDocument.URI]; d != nil {
		f(d)
	}
	return nil
}

// didSave checks again: a hook of the editor may have changed the file on disk.
func (s *server) didSave(params json.RawMessage) error {
	return s.onDocument(params, func(d *document) { d.tree.change() })
}

// filesChanged checks everything again. What changed on disk may be a file that some
// configuration includes, or settings.
func (s *server) filesChanged(json.RawMessage) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changeAll()
	return nil
}

// changeAll checks every tree again. The caller holds s.mu.
func (s *server) changeAll() {
	for _, t := range s.trees {
		t.change()
	}
}

func (s *server) cancel(params json.RawMessage) error {
	p, err := decode[struct {
		ID json.RawMessage `json:"id"`
	}](params)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if cancel := s.cancels[string(p.ID)]; cancel != nil {
		cancel()
	}
	return nil
}

// contents returns what is open in the editor and differs from the disk, or may, by
// the name in the file system, and the documents by the same names. The caller holds
// s.mu.
func (s *server) contents() (src map[string][]byte, docs map[string][]*document) {
	src, docs = make(map[string][]byte, len(s.docs)), make(map[string][]*document, len(s.docs))
	for _, uri := range slices.Sorted(maps.Keys(s.docs)) {
		d := s.docs[uri]
		// Of two documents of one file, the one with more changes is the newer.
		if all := docs[d.name]; len(all) == 0 || d.version > all[0].version && !bytes.Equal(d.src, src[d.name]) {
			src[d.name] = d.src
			docs[d.name] = append([]*document{d}, all...)
			continue
		}
		docs[d.name] = append(docs[d.name], d)
	}
	return src, docs
}
