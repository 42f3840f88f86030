package git

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A repository's configuration may name commands for git to run, and it may
// include files of the working tree, which a pull request can change. So git is
// started with settings that outrank those of the repository: a setting of the
// command line wins over every file, a variable of the environment over both.
//
// We ask for names and objects only (rev-parse, cat-file). None of them needs a
// command, the network, or a setting of the user or the system.
var hardened = []string{
	"safe.bareRepository=explicit",      // no folder is a repository because it looks like one
	"core.hooksPath=" + os.DevNull,      // no hooks
	"core.fsmonitor=false",              // no command that watches the working tree
	"core.alternateRefsCommand=false",   // no command that lists the references of another repository
	"core.sshCommand=false",             // no ssh
	"core.gitProxy=",                    // no command that connects
	"core.askPass=",                     // no command that asks for a password
	"credential.helper=",                // an empty name empties the list
	"core.pager=cat",                    // no pager
	"core.editor=false",                 // no editor
	"core.attributesFile=" + os.DevNull, // no filters, no textconv
	"diff.external=",                    // no diff of others
	"gpg.program=false",                 // no check of signatures
	"gc.auto=0",                         // no housekeeping, with the commands that it has
	"maintenance.auto=false",
	"protocol.allow=never", // no transport
}

// Variables that keep git from the network and from asking.
var hardenedEnvironment = []string{
	"LC_ALL=C",             // messages in English
	"GIT_OPTIONAL_LOCKS=0", // nothing is written
	"GIT_NO_LAZY_FETCH=1",  // an object that a partial clone left out stays out
	"GIT_ALLOW_PROTOCOL=none",
	"GIT_TERMINAL_PROMPT=0",
	"GIT_ATTR_NOSYSTEM=1",
	"GIT_PAGER=cat",
}

// ofOwner reports whether a variable says where the user and the system keep their
// settings. Only the question whose repository it is needs it.
func ofOwner(name string) bool {
	return name == "GIT_CONFIG_GLOBAL" || name == "GIT_CONFIG_SYSTEM" || name == "GIT_CONFIG_NOSYSTEM" ||
		name == "GIT_CONFIG_COUNT" || strings.HasPrefix(name, "GIT_CONFIG_KEY_") || strings.HasPrefix(name, "GIT_CONFIG_VALUE_")
}

// command is git in a directory. The variables of git that we were started with
// are left out: in a hook they mean the hook's repository. Those for which keep
// says so stay.
func command(dir string, keep func(name string) bool, env []string, args ...string) (*exec.Cmd, error) {
	path, err := exec.LookPath("git")
	if err != nil {
		return nil, errors.New("git is required for this, but is not installed")
	}
	var all []string
	for _, setting := range hardened {
		all = append(all, "-c", setting)
	}
	cmd := exec.Command(path, slices.Concat([]string{"--no-pager"}, all, args)...)
	cmd.Dir = dir
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		name = strings.ToUpper(name) // as Windows has it
		if !strings.HasPrefix(name, "GIT_") || name == "GIT_EXEC_PATH" || keep(name) {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = slices.Concat(cmd.Env, hardenedEnvironment, env)
	return cmd, nil
}

// discover asks git for the repository whose .git entry lies in a directory.
// Git refuses one that another user owns and that safe.directory does not name;
// that setting is the user's or the system's, so both are read here, and only
// here. Git looks into no directory above.
func discover(root string) (string, error) {
	return run(command(root, ofOwner, []string{"GIT_CEILING_DIRECTORIES=" + filepath.Dir(root)},
		"rev-parse", "--absolute-git-dir", "--git-common-dir"))
}

// command is git for this repository: it is told which one, and finds none.
func (r *Repository) command(args ...string) (*exec.Cmd, error) {
	none := func(string) bool { return false }
	env := []string{"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull}
	return command(r.Root, none, env, slices.Concat([]string{"--git-dir=" + r.dir, "--work-tree=" + r.Root}, args)...)
}
