package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// TestStreamCut shows what short-stream-timeout says on every nginx that has the
// stream module: proxy_timeout 3s cuts an idle WebSocket, 1h does not.
func TestStreamCut(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes as long as the timeout")
	}
	tried := 0
	for _, n := range nginxtest.Installed(t) {
		module := streamModule(t, n)
		if module == "" {
			continue
		}
		tried++
		examples := fences(rules.ShortStreamTimeout.Page())
		short, long := examples[0].tunnel(t, n, module), examples[1].tunnel(t, n, module)
		if took, how, err := short.WaitCut(20 * time.Second); err != nil || took < 2*time.Second || took > 8*time.Second {
			t.Errorf("%v: cut after %v: %s, %v", n, took, how, err)
		}
		if took, how, err := long.WaitCut(time.Second); err == nil {
			t.Errorf("%v: the good example: cut after %v: %s", n, took, how)
		}
	}
	if tried == 0 {
		t.Skip("no nginx here has its stream module beside it")
	}
}

// streamModule returns the file of an nginx's stream module, or "".
func streamModule(t *testing.T, n nginxtest.Nginx) string {
	program, err := filepath.EvalSymlinks(n.Path)
	if err != nil {
		t.Fatal(err)
	}
	module := filepath.Join(filepath.Dir(program), "root/usr/lib/nginx/modules/ngx_stream_module.so")
	if _, err := os.Stat(module); err != nil {
		return ""
	}
	return module
}

// tunnel opens a WebSocket through an example of stream.
func (f fence) tunnel(t *testing.T, n nginxtest.Nginx, module string) *nginxtest.Conn {
	t.Helper()
	app, address := nginxtest.StartApp(t, "coder"), nginxtest.FreeAddress(t)
	text := strings.NewReplacer("modules/ngx_stream_module.so", module, "listen 8080", "listen "+address, "127.0.0.1:8443", app.Address,
		"events {}", nginxtest.Prologue).Replace(f.text)
	n.Start(t, nginxtest.Write(t, map[string]string{"nginx.conf": text}), "nginx.conf", address)
	conn, err := nginxtest.Dial(t, nginxtest.Target{Address: address, Host: address}.At(app.URI("/ws")))
	if err != nil || conn.Status != 101 {
		t.Fatalf("%v: %v, %v", n, conn, err)
	}
	if err := app.Echo(conn, "hello"); err != nil {
		t.Fatal(err)
	}
	return conn
}
