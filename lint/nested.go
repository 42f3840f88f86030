package lint

import "path"

// A settingsError is about the settings of a directory; it says which file.
type settingsError struct{ error }

// settingsAbove asks the directories of a file that was named for settings, up to
// the repository's root.
func (w *workspace) settingsAbove(name string) error {
	for dir := path.Dir(name); w.opt.Nested != nil && dir != w.policy.base; dir = path.Dir(dir) {
		if err := w.policy.enter(dir, w.opt.Nested); err != nil {
			return err
		}
		if w.isRepository(dir) || dir == "." || w.policy.nested[dir] != nil {
			return nil
		}
	}
	return nil
}
