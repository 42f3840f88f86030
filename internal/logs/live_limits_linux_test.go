package logs

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// TestLiveLimits makes nginx run out of connections and of files.
func TestLiveLimits(t *testing.T) {
	for _, n := range nginxtest.Installed(t) {
		for _, m := range []struct {
			kind        string
			connections int
			files       int
		}{
			{"worker-connections", 16, 1000},
			{"open-files", 512, 24},
		} {
			t.Run(n.Version+"/"+m.kind, func(t *testing.T) {
				t.Parallel()
				address := nginxtest.FreeAddress(t)
				text := strings.Replace(nginxtest.Prologue, "worker_connections 512", fmt.Sprintf("worker_connections %d", m.connections), 1) +
					"http {\n" + nginxtest.TempPaths + "\nserver { listen " + address + "; location /ws { " + passOn + "proxy_pass http://" + muteServer(t) + "; } }\n}\n"
				dir := nginxtest.Write(t, map[string]string{"nginx.conf": text, "run": fmt.Sprintf("#!/bin/sh\nulimit -n %d\nexec %s \"$@\"\n", m.files, n.Path)})
				if err := os.Chmod(filepath.Join(dir, "run"), 0o755); err != nil {
					t.Fatal(err)
				}
				nginxtest.Nginx{Version: n.Version, Path: filepath.Join(dir, "run")}.Start(t, dir, "nginx.conf", address)
				for range 40 {
					conn, err := net.Dial("tcp", address)
					if err != nil {
						t.Fatal(err)
					}
					t.Cleanup(func() { conn.Close() })
					fmt.Fprint(conn, "GET /ws HTTP/1.1\r\nHost: a\r\n\r\n")
				}
				wantKind(t, filepath.Join(dir, "error.log"), m.kind)
			})
		}
	}
}

// An nginx that cannot look a name up does not start, and says so.
func TestLiveStart(t *testing.T) {
	for _, n := range nginxtest.Installed(t) {
		dir := nginxtest.Write(t, map[string]string{"nginx.conf": nginxtest.Prologue + "http {\n" + nginxtest.TempPaths + "\nserver { location /ws { proxy_pass http://no-such-host.invalid; } } }\n"})
		name := filepath.Join(dir, "start.log")
		if err := exec.Command(n.Path, "-p", dir, "-c", filepath.Join(dir, "nginx.conf"), "-e", name).Run(); err == nil {
			t.Errorf("%v starts", n)
		}
		wantKind(t, name, "host-not-found")
	}
}

// wantKind waits until a log has a kind.
func wantKind(t *testing.T, name, kind string) {
	t.Helper()
	for range 100 {
		l := New(nil, nil)
		readInto(t, l, name)
		for _, g := range l.Groups {
			if g.Signs[0].Kind.Name == kind {
				return
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	text, _ := os.ReadFile(name)
	t.Errorf("%s is not seen:\n%s", kind, text)
}
