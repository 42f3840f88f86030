package lsp

import (
	"encoding/json"
	"slices"
)

// section is the name of our settings in an editor.
const section = "nginxWsLint"

// Settings are what a user sets in the editor. They overrule the settings file, like
// the flags of the same names.
type Settings struct {
	NginxVersion string   `json:"nginxVersion"`
	Select       []string `json:"select"`
	ExtendSelect []string `json:"extendSelect"`
	Ignore       []string `json:"ignore"`
	MinSeverity  string   `json:"minSeverity"`
	InlayHints   bool     `json:"inlayHints"`
	CodeLens     *bool    `json:"codeLens"` // default: true
}

// equal reports whether two settings are the same.
func (a Settings) equal(b Settings) bool {
	x, y := marshal(a), marshal(b)
	return slices.Equal(x, y)
}

// settingsChanged reads new settings: they are in the message, or the client wants to
// be asked.
func (s *server) settingsChanged(params json.RawMessage) error {
	if s.client.Workspace.Configuration {
		s.askSettings()
		return nil
	}
	p, err := decode[struct {
		Settings map[string]json.RawMessage `json:"settings"`
	}](params)
	if err != nil || p.Settings[section] == nil {
		return err
	}
	s.setSettings(p.Settings[section])
	return nil
}

// askSettings asks the client for the settings.
func (s *server) askSettings() {
	params := map[string]any{"items": []map[string]string{{"section": section}}}
	s.conn.call("workspace/configuration", params, func(result json.RawMessage, ok bool) {
		var all []json.RawMessage
		if ok && json.Unmarshal(result, &all) == nil && len(all) == 1 && string(all[0]) != "null" {
			s.setSettings(all[0])
		}
	})
}

// setSettings applies settings and checks again if they are new.
func (s *server) setSettings(content json.RawMessage) {
	var settings Settings
	if err := json.Unmarshal(content, &settings); err != nil {
		s.conn.log(logError, "settings %s: %v", section, err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.settings.equal(settings) {
		return
	}
	s.settings = settings
	s.changeAll()
	s.refresh()
}

// refresh asks the client to ask again for what depends on settings.
func (s *server) refresh() {
	for method, can := range map[string]bool{
		"workspace/codeLens/refresh":  s.client.Workspace.CodeLens.RefreshSupport,
		"workspace/inlayHint/refresh": s.client.Workspace.InlayHint.RefreshSupport,
	} {
		if can {
			s.conn.call(method, nil, func(json.RawMessage, bool) {})
		}
	}
}
