package nginxtest

import (
	"embed"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// AppsEnvironment names the directory in which tools/install-backends.sh installed
// what the applications in other languages need, and the list of installed ones.
// Every application in the list must start.
const AppsEnvironment = "NGINX_WS_LINT_APPS"

// Apps are the applications that StartApp accepts. All of them except node-http,
// which does not support WebSockets, send messages back at any path.
var Apps = []string{"coder", "gorilla", "node-http", "node-ws", "socket.io", "uvicorn", "python-websockets", "tornado"}

// An App is a server of one of the libraries that people use behind nginx, with the
// library's defaults: its checks of Origin and its pings.
type App struct {
	Name    string
	Address string

	seen func() ([]Record, error)
}

// A Record is a request as the application received it.
type Record struct {
	Method string
	URI    string
	Proto  string // HTTP/1.1
	Host   string // several Host lines are joined by a comma
	Header http.Header
	From   string // the other end of its connection; only for applications in Go
}

// StartApp runs an application until the test ends. It skips the test if the
// application is not installed. It also accepts socket.io-attached, which is
// Socket.IO at its default path only.
func StartApp(t testing.TB, name string) *App {
	t.Helper()
	switch name {
	case "coder":
		return startHandler(t, name, coderEcho)
	case "gorilla":
		return startHandler(t, name, gorillaEcho)
	case "node-http", "node-ws", "socket.io", "socket.io-attached":
		return startProgram(t, name, "node", "server.js", "NODE_PATH=node/node_modules")
	case "uvicorn", "python-websockets", "tornado":
		return startProgram(t, name, "python3", "server.py", "PYTHONPATH=python/usr/lib/python3/dist-packages")
	}
	t.Fatalf("no application %q", name)
	return nil
}

// Seen returns the requests that the application received, each recorded before it
// was answered. Requests that are refused before the application sees them are
// missing: those that Go's net/http, Node's parser, h11 (uvicorn) and tornado
// consider malformed, and HTTP/1.0 in python-websockets. For a handshake, uvicorn and
// python-websockets always report HTTP/1.1.
func (a *App) Seen(t testing.TB) []Record {
	t.Helper()
	all, err := a.seen()
	if err != nil {
		t.Fatalf("%s: %v", a.Name, err)
	}
	return all
}

// URI returns what the application's client requests at a path.
func (a *App) URI(path string) string {
	if strings.HasPrefix(a.Name, "socket.io") {
		return path + "?EIO=4&transport=websocket"
	}
	return path
}

// Echo sends a message as the application's client does, and expects it back.
func (a *App) Echo(c *Conn, text string) error {
	if !strings.HasPrefix(a.Name, "socket.io") {
		return c.Echo(text)
	}
	// Engine.IO 4 opens (0), then Socket.IO 5 connects (40) and sends events (42).
	if err := c.Expect("0{"); err != nil {
		return err
	}
	if err := c.Send("40"); err != nil {
		return err
	}
	if err := c.Expect("40{"); err != nil {
		return err
	}
	return c.Echo(`42["message","` + text + `"]`)
}

//go:embed apps/server.js apps/server.py
var programs embed.FS

// startProgram runs an embedded program, which writes JSON to its standard output:
// first its address, then each request before it answers. The output goes to a file
// instead of a pipe, so that a client with an answer finds the request there.
func startProgram(t testing.TB, name, interpreter, program, path string) *App {
	t.Helper()
	installed, ok := isInstalled(strings.TrimSuffix(name, "-attached"))
	if !ok {
		t.Skipf("%s is not installed: `make backends` installs what it can, and %s says where", name, AppsEnvironment)
	}
	text, err := programs.ReadFile("apps/" + program)
	if err != nil {
		t.Fatal(err)
	}
	dir := Write(t, map[string]string{program: string(text), "stdout": "", "stderr": ""})
	variable, below, _ := strings.Cut(path, "=")
	cmd := exec.Command(interpreter, filepath.Join(dir, program), name)
	cmd.Env = append(os.Environ(), variable+"="+filepath.Join(installed, filepath.FromSlash(below)), "PYTHONDONTWRITEBYTECODE=1")
	out := filepath.Join(dir, "stdout")
	exited := runUntilCleanup(t, cmd, out, filepath.Join(dir, "stderr"))
	a := &App{Name: name, seen: func() ([]Record, error) { return readRecords(out) }}
	if untilReady(exited, 1000, 20*time.Millisecond, func() bool { a.Address = readAddress(out); return a.Address != "" }) {
		return a
	}
	said, _ := os.ReadFile(filepath.Join(dir, "stderr"))
	t.Fatalf("%s did not start:\n%s", name, said)
	return nil
}

// isInstalled reports whether a program is installed, and where.
func isInstalled(name string) (dir string, ok bool) {
	if dir = os.Getenv(AppsEnvironment); dir == "" {
		return "", false
	}
	list, _ := os.ReadFile(filepath.Join(dir, "apps"))
	return dir, slices.Contains(strings.Fields(string(list)), name)
}

// untilReady calls ready until it returns true. It reports false if the process has
// exited, or after n calls.
func untilReady(exited <-chan struct{}, n int, every time.Duration, ready func() bool) bool {
	for range n {
		if ready() {
			return true
		}
		select {
		case <-exited:
			return false
		case <-time.After(every):
		}
	}
	return false
}

// runUntilCleanup starts a command. Its standard input stays open. The programs exit
// when it closes, so that none outlives a test binary that was killed.
func runUntilCleanup(t testing.TB, cmd *exec.Cmd, stdout, stderr string) (exited chan struct{}) {
	t.Helper()
	for path, file := range map[string]func(*os.File){
		stdout: func(f *os.File) { cmd.Stdout = f },
		stderr: func(f *os.File) { cmd.Stderr = f },
	} {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close() // the process has its own
		file(f)
	}
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited = make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(exited)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-exited
	})
	return exited
}

// readAddress returns the address in the first line of a program's output, or "".
func readAddress(path string) string {
	lines, _ := readLines(path)
	var first struct{ Listen string }
	if len(lines) > 0 {
		_ = json.Unmarshal([]byte(lines[0]), &first)
	}
	return first.Listen
}

// readRecords returns the records in the lines after the first.
func readRecords(path string) ([]Record, error) {
	lines, err := readLines(path)
	if err != nil || len(lines) == 0 {
		return nil, errors.Join(err, errors.New("no output"))
	}
	var all []Record
	for _, line := range lines[1:] {
		var said struct {
			Method, URI, Proto string
			Headers            [][2]string
		}
		if err := json.Unmarshal([]byte(line), &said); err != nil {
			return nil, err
		}
		r := Record{Method: said.Method, URI: said.URI, Proto: said.Proto, Header: make(http.Header)}
		for _, h := range said.Headers {
			r.Header.Add(h[0], h[1])
		}
		r.Host = strings.Join(r.Header["Host"], ",")
		r.Header.Del("Host") // as in Go's requests
		all = append(all, r)
	}
	return all, nil
}

// readLines returns the complete lines of a file.
func readLines(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	lines := strings.Split(string(text), "\n")
	return lines[:len(lines)-1], err
}
