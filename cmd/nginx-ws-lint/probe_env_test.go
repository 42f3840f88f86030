//go:build unix

package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// The program as it is: the proxy of the environment is gone through, and what
// is piped has no colours.
func TestProbeByEnvironment(t *testing.T) {
	app := nginxtest.StartApp(t, "coder").Address
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != "chat.example.test:80" {
			t.Errorf("asked %s %s", r.Method, r.Host)
		}
		nginxtest.Tunnel(w, app)
	}))
	defer proxy.Close()
	cmd := exec.Command(build(t), "probe", "ws://chat.example.test/ws")
	cmd.Env = append(os.Environ(), "HTTP_PROXY="+proxy.URL, "http_proxy=", "NO_PROXY=", "no_proxy=")
	cmd.Dir = filepath.Dir(cmd.Path)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "all is well\n") || bytes.Contains(out, []byte("\x1b")) {
		t.Errorf("%v\n%s", err, out)
	}
}
