package lint

import "github.com/nginx-ws-lint/nginx-ws-lint/fixer"

// held returns the fixes that were not applied, with the reason.
func (s *session) held() []Held {
	keys := s.before.keys()
	var all []Held
	for _, f := range s.findings {
		if len(f.Fixes) == 0 {
			continue
		}
		reason, refused := s.refused[identity(f, keys)]
		switch {
		case refused:
			reason = "not proven: " + reason
		case f.Fixes[0].Safety == fixer.Unsafe && s.least == fixer.Safe:
			reason = "unsafe: --unsafe-fixes applies it"
		case f.Fixes[0].Safety == fixer.Shown:
			reason = "must be made by hand"
		default:
			continue
		}
		all = append(all, Held{f, f.Fixes[0], reason})
	}
	return all
}
