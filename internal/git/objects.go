package git

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"strconv"
	"strings"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// objects is a git cat-file --batch process that returns one object after the other.
type objects struct {
	mu  sync.Mutex
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func (r *Repository) openObjects() (*objects, error) {
	cmd, err := r.command("cat-file", "--batch")
	if err != nil {
		return nil, err
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &objects{cmd: cmd, in: in, out: bufio.NewReader(out)}, nil
}

func (o *objects) close() error {
	return errors.Join(o.in.Close(), o.cmd.Wait())
}

// errMissing is the error for a missing object, as in a partial clone: nothing is
// fetched.
var errMissing = errors.New("it is missing in this partial clone: clone or check out without a filter")

// read returns an object and git's name for it.
func (o *objects) read(name, kind string) (oid string, text []byte, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, err := io.WriteString(o.in, name+"\n"); err != nil {
		return "", nil, fmt.Errorf("git: %w", err)
	}
	line, err := o.out.ReadString('\n')
	if err != nil {
		return "", nil, fmt.Errorf("git: %w", err)
	}
	words := strings.Fields(line)
	if len(words) != 3 {
		return "", nil, errMissing // "NAME missing", "NAME ambiguous"
	}
	size, err := strconv.ParseInt(words[2], 10, 64)
	if err != nil {
		return "", nil, fmt.Errorf("git: %w", err)
	}
	if words[1] != kind || size > parser.MaxFileSize {
		_, err = io.CopyN(io.Discard, o.out, size+1)
		return "", nil, errors.Join(fmt.Errorf("a %s of %d bytes", words[1], size), err)
	}
	text = make([]byte, size+1) // a line feed follows
	_, err = io.ReadFull(o.out, text)
	return words[0], text[:size], err
}

// An entry is the content of a directory under a name.
type entry struct {
	mode string // git's: 100644, 100755, 120000, 160000, 40000
	oid  string
}

// The modes of entries that are not files.
const (
	modeTree      = "40000"
	modeLink      = "120000"
	modeSubmodule = "160000"
)

// tree reads a directory: a list of "MODE NAME", a zero byte and the object's name,
// whose length depends on the repository.
func (o *objects) tree(oid string) (map[string]entry, error) {
	_, text, err := o.read(oid, "tree")
	if err != nil {
		return nil, err
	}
	all := make(map[string]entry)
	for size := len(oid) / 2; len(text) > 0; {
		head, rest, ok := bytes.Cut(text, []byte{0})
		mode, name, both := strings.Cut(string(head), " ")
		if !ok || !both || len(rest) < size {
			return nil, errors.New("git: a broken tree")
		}
		// git does not check out others; a .git would look like the root of a
		// repository.
		if name != "." && fs.ValidPath(name) && !strings.Contains(name, "/") && !strings.EqualFold(name, ".git") {
			all[name] = entry{mode, hex.EncodeToString(rest[:size])}
		}
		text = rest[size:]
	}
	return all, nil
}
