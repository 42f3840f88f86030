package lint

import "path"

// A settingsError is an error in the settings of a directory. It names the file.
type settingsError struct{ error }

// settingsAbove reads the settings of the directories above a named file, up to the
// repository's root.
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
