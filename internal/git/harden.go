package git

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A repository's configuration can name commands for git to run, and can include
// files of the working tree, which a pull request can change. So git is started with
// settings that overrule those of the repository: a setting on the command line
// overrules every file, and an environment variable overrules both.
//
// We only ask for names and objects (rev-parse, cat-file). Neither needs a command,
// the network, or a setting of the user or the system.
var hardened = []string{
	"safe.bareRepository=explicit",      // no directory becomes a repository because it looks like one
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
	"gpg.program=false",                 // no signature checks
	"gc.auto=0",                         // no maintenance and its commands
	"maintenance.auto=false",
	"protocol.allow=never", // no transport
}

// Variables that keep git from using the network and from prompting.
var hardenedEnvironment = []string{
	"LC_ALL=C",             // messages in English
	"GIT_OPTIONAL_LOCKS=0", // nothing is written
	"GIT_NO_LAZY_FETCH=1",  // an object that is missing in a partial clone is not fetched
	"GIT_ALLOW_PROTOCOL=none",
	"GIT_TERMINAL_PROMPT=0",
	"GIT_ATTR_NOSYSTEM=1",
	"GIT_PAGER=cat",
}

// ofOwner reports whether a variable locates the settings of the user and the system.
// Only discover needs them.
func ofOwner(name string) bool {
	return name == "GIT_CONFIG_GLOBAL" || name == "GIT_CONFIG_SYSTEM" || name == "GIT_CONFIG_NOSYSTEM" ||
		name == "GIT_CONFIG_COUNT" || strings.HasPrefix(name, "GIT_CONFIG_KEY_") || strings.HasPrefix(name, "GIT_CONFIG_VALUE_")
}

// command returns a git command in a directory. It drops the git variables of our own
// environment, which in a hook refer to the hook's repository, except those that keep
// accepts.
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
		name = strings.ToUpper(name) // as on Windows
		if !strings.HasPrefix(name, "GIT_") || name == "GIT_EXEC_PATH" || keep(name) {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = slices.Concat(cmd.Env, hardenedEnvironment, env)
	return cmd, nil
}

// discover asks git for the repository whose .git entry is in a directory. Git
// refuses one that another user owns, unless safe.directory names it. That setting
// belongs to the user or the system, so both are read here, and only here. Git does
// not search the directories above.
func discover(root string) (string, error) {
	return run(command(root, ofOwner, []string{"GIT_CEILING_DIRECTORIES=" + filepath.Dir(root)},
		"rev-parse", "--absolute-git-dir", "--git-common-dir"))
}

// command returns a git command for this repository, which is given to git
// explicitly.
func (r *Repository) command(args ...string) (*exec.Cmd, error) {
	none := func(string) bool { return false }
	env := []string{"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull}
	return command(r.Root, none, env, slices.Concat([]string{"--git-dir=" + r.dir, "--work-tree=" + r.Root}, args)...)
}
