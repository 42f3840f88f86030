// Package nginxtest runs real nginx, a strict WebSocket backend and a client that
// does handshakes, for tests that compare predictions with what happens.
package nginxtest

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Environment names the directory whose bin has nginx-X.Y.Z for each version to test
// with. `make test` sets it.
const Environment = "NGINX_WS_LINT_NGINX"

// An Nginx is one installed version.
type Nginx struct {
	Version string // 1.26.3
	Path    string
}

// Installed returns the versions to test with. If there are none, the test is
// skipped, or fails with CI=true.
func Installed(t testing.TB) []Nginx {
	t.Helper()
	all := Available()
	if len(all) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no nginx: %s=%q has no bin/nginx-*", Environment, os.Getenv(Environment))
		}
		t.Skipf("no nginx to test with: `make test` fetches it and sets %s", Environment)
	}
	return all
}

// Available returns the versions to test with, which may be none, for a test that
// checks other things as well.
func Available() []Nginx {
	var all []Nginx
	if dir := os.Getenv(Environment); dir != "" {
		paths, _ := filepath.Glob(filepath.Join(dir, "bin", "nginx-[0-9]*"))
		for _, path := range paths {
			all = append(all, Nginx{strings.TrimPrefix(filepath.Base(path), "nginx-"), path})
		}
	}
	return all
}

// Modules returns the directory of a version's dynamic modules for Lua, njs and headers,
// and that of the Lua files that they need. It reports false if they are not installed.
func (n Nginx) Modules() (modules, lua string, ok bool) {
	path, err := filepath.EvalSymlinks(n.Path)
	if err != nil {
		return "", "", false
	}
	root := filepath.Join(filepath.Dir(path), "root", "usr")
	modules, lua = filepath.Join(root, "lib", "nginx", "modules"), filepath.Join(root, "share", "lua", "5.1")
	_, err = os.Stat(filepath.Join(modules, "ngx_http_lua_module.so"))
	return modules, lua, err == nil
}

// Prologue is the part of a test's configuration before its http block. With it nginx
// stays in the foreground and writes nothing outside its prefix.
const Prologue = "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log error.log info;\nevents { worker_connections 512; }\n"

// TempPaths keep nginx's temporary files below its prefix; for an http block.
const TempPaths = "client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5; access_log off;"

// Test runs `nginx -t`. It returns nginx's output without paths, and whether it
// accepts the configuration.
func (n Nginx) Test(dir, main string) (messages []string, ok bool) {
	cmd := exec.Command(n.Path, "-t", "-p", dir, "-c", filepath.Join(dir, main), "-e", "stderr")
	out, err := cmd.CombinedOutput()
	for _, line := range strings.Split(string(out), "\n") {
		if m := message.FindString(line); m != "" {
			messages = append(messages, strings.ReplaceAll(m, dir+"/", ""))
		}
	}
	return messages, err == nil
}

// message matches the part of a line of nginx's output from its level on.
var message = regexp.MustCompile(`\[(warn|error|crit|alert|emerg)\].*`)

// Start runs nginx until the test ends, and waits until it listens at address.
func (n Nginx) Start(t testing.TB, dir, main, address string) {
	t.Helper()
	stop, err := n.Run(dir, main, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
}

// Run runs nginx until it is stopped, and waits until it listens at address.
func (n Nginx) Run(dir, main, address string) (stop func(), err error) {
	cmd := exec.Command(n.Path, "-p", dir, "-c", filepath.Join(dir, main), "-e", "stderr")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	exited := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(exited)
	}()
	stop = func() {
		_ = cmd.Process.Kill()
		<-exited
	}
	for range 500 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			if bound(dir, main) {
				return stop, nil
			}
		}
		select {
		case <-exited:
			return nil, fmt.Errorf("%v did not start:\n%s", n, out.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
	stop()
	return nil, fmt.Errorf("%v does not listen at %s:\n%s", n, address, out.String())
}

// bound reports whether nginx has its sockets: it then writes its pid file. The
// listener may be another process that briefly tests whether the address is free;
// nginx then waits and retries. If the pid goes elsewhere, the listener is assumed to
// be nginx.
func bound(dir, main string) bool {
	text, err := os.ReadFile(filepath.Join(dir, main))
	if err != nil || !bytes.Contains(text, []byte("\npid nginx.pid;")) {
		return true
	}
	pid, err := os.ReadFile(filepath.Join(dir, "nginx.pid"))
	return err == nil && len(pid) > 0
}

// nextPort is the port that FreeAddress tries next: below the range from which
// systems take the ports of outgoing connections, and different in each process.
var nextPort atomic.Int64

func init() { nextPort.Store(int64(10_000 + os.Getpid()*131%20_000)) }

// FreeAddress returns a loopback address at which nothing listens and which it has
// not returned before.
func FreeAddress(t testing.TB) string {
	t.Helper()
	for range 1000 {
		port := nextPort.Add(1)
		if port >= 32_000 {
			nextPort.Store(10_000)
			continue
		}
		address := fmt.Sprintf("127.0.0.1:%d", port)
		if free(address) {
			return address
		}
	}
	t.Fatal("no free port")
	return ""
}

// free reports whether a socket can be opened at an address, for TCP and for UDP,
// which HTTP/3 uses.
func free(address string) bool {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return false
	}
	defer l.Close()
	c, err := net.ListenPacket("udp", address)
	if err != nil {
		return false
	}
	return c.Close() == nil
}

// HTTP3 reports whether this build has the module for HTTP/3.
func (n Nginx) HTTP3() bool {
	known, ok := http3Builds.Load(n.Path)
	if !ok {
		out, _ := exec.Command(n.Path, "-V").CombinedOutput()
		known, _ = http3Builds.LoadOrStore(n.Path, bytes.Contains(out, []byte("--with-http_v3_module")))
	}
	return known.(bool)
}

var http3Builds sync.Map

// Write writes files into a new directory and returns it.
func Write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func (n Nginx) String() string { return fmt.Sprintf("nginx %s", n.Version) }
