package main

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// probed runs probe and returns what it printed, with its exit code.
func probed(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(append([]string{"nginx-ws-lint", "probe"}, args...), nil, &out, &errs)
	return out.String(), errs.String(), code
}

const probeConfig = nginxtest.Prologue + `http {
    ` + nginxtest.TempPaths + `
    server {
        listen ADDRESS;
        server_name chat.example.test;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection upgrade;
        proxy_set_header Host $http_host;

        location /ws {
            proxy_pass http://APP;
            proxy_http_version 1.1;
            proxy_set_header X-Real-IP $remote_addr;
        }
        location /good { proxy_pass http://APP; proxy_http_version 1.1; }
    }
}
`

// placeholders makes an output the same on each run.
func placeholders(s, address, app string) string {
	port := address[strings.LastIndexByte(address, ':')+1:]
	s = strings.NewReplacer(address, "ADDRESS", "chat.example.test:"+port, "URLHOST", app, "APP").Replace(s)
	return regexp.MustCompile(`nginx/[0-9.]+`).ReplaceAllString(s, "nginx/VERSION")
}

// The whole way: the broken location is named, and with the patch that is printed
// the probe finds all well.
func TestProbe(t *testing.T) {
	for _, n := range nginxtest.Installed(t) {
		app, address := nginxtest.StartApp(t, "coder").Address, nginxtest.FreeAddress(t)
		text := strings.NewReplacer("ADDRESS", address, "APP", app).Replace(probeConfig)
		dir := nginxtest.Write(t, map[string]string{"nginx.conf": text})
		n.Start(t, dir, "nginx.conf", address)
		t.Chdir(dir)
		_, port, _ := net.SplitHostPort(address)
		base := []string{"--resolve", "chat.example.test:" + port + ":127.0.0.1", "--config-path", "nginx.conf", "--tries", "1"}
		out, errs, code := probed(t, append(base, "ws://chat.example.test:"+port+"/ws", "--direct", "ws://"+app+"/ws")...)
		if code != exitFindings || errs != "" {
			t.Fatalf("exit %d, %s", code, errs)
		}
		for _, want := range []string{
			"ws://URLHOST/ws\n  no handshake             426, Server: nginx/VERSION, ",
			"\nws://APP/ws\n  ok handshake             101, a ping is answered\n",
			"verdict (nginx, certain): the handshake reaches the application without Upgrade or Connection, as a plain request\n",
			"nginx.conf:16:13: Upgrade and Connection do not reach http://APP",
			"[missing-upgrade-headers]",
			"\n+            proxy_set_header Upgrade $http_upgrade;\n",
		} {
			if !strings.Contains(placeholders(out, address, app), want) {
				t.Errorf("%v: nothing has %q in\n%s", n, want, out)
			}
		}
		patch(t, out)
		moved := nginxtest.FreeAddress(t)
		b, _ := os.ReadFile("nginx.conf")
		if err := os.WriteFile("nginx.conf", bytes.Replace(b, []byte("listen "+address), []byte("listen "+moved), 1), 0o644); err != nil {
			t.Fatal(err)
		}
		n.Start(t, dir, "nginx.conf", moved)
		if out, errs, code := probed(t, "ws://"+moved+"/ws", "--config-path", "."); code != exitClean {
			t.Errorf("%v: after the patch: exit %d\n%s%s", n, code, out, errs)
		}
	}
}

// patch gives git all of an output: it finds the diff in it.
func patch(t *testing.T, out string) {
	t.Helper()
	cmd := exec.Command("git", "apply", "-")
	cmd.Stdin = strings.NewReader(out)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git apply: %v %s\n%s", err, said, out)
	}
}

func TestProbeJSON(t *testing.T) {
	app := nginxtest.StartApp(t, "coder").Address
	out, _, code := probed(t, "http://"+app+"/ws", "--format", "json", "--tries", "2", "--direct", "ws://127.0.0.1:1/")
	var doc struct {
		Version int
		Good    bool
		Through struct {
			URL     string
			Answers []struct {
				Kind   string
				OK     bool
				Status int
				Alive  string
			}
		}
		Direct struct {
			Answers []struct{ Failure struct{ Kind string } }
		}
		Place *struct{}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	first := doc.Through.Answers[0]
	if code != exitFindings || doc.Version != 1 || doc.Good || doc.Through.URL != "ws://"+app+"/ws" || first.Kind != "handshake" || !first.OK || first.Status != 101 ||
		first.Alive != "pong" || len(doc.Through.Answers) != 6 || doc.Direct.Answers[0].Failure.Kind != "refused" || doc.Place != nil {
		t.Errorf("exit %d\n%s", code, out)
	}
}

func TestProbeExitStatus(t *testing.T) {
	app := "ws://" + nginxtest.StartApp(t, "coder").Address + "/ws"
	for _, m := range []struct {
		args string
		code int
		says string
	}{
		{app, exitClean, "all is well"},
		{"ws://" + nginxtest.FreeAddress(t) + "/", exitFindings, "verdict (network, certain): nothing listens"},
		{app + " --origin https://elsewhere.test", exitFindings, "verdict (application"},
		{"", exitTrouble, "probe needs one URL"},
		{app + " " + app, exitTrouble, "probe needs one URL"},
		{"ftp://example.test/", exitTrouble, "must begin with ws:// or wss://"},
		{"ws://user:secret@[bad/", exitTrouble, "not a URL"},
		{"ws://user:secret@/", exitTrouble, "has no host"},
		{app + " --tries 21", exitTrouble, "--tries 21: must be from 1 to 20"},
		{app + " --hold 2h", exitTrouble, "--hold 2h0m0s: must be at most 1h0m0s"},
		{app + " --timeout 0s", exitTrouble, "must be greater than zero"},
		{app + " --header secretnonsense", exitTrouble, "must be NAME: VALUE"},
		{app + " --header secret/x:1", exitTrouble, "must be NAME: VALUE"},
		{"ftp://127.0.0.1/ws?token=secret", exitTrouble, "token=[hidden]"},
		{app + "?access_token=secret&sid=secret2", exitClean, "access_token=[hidden]"},
		{app + "?access_token=secret --format json", exitClean, "access_token=[hidden]"},
		{app + " --resolve a:b", exitTrouble, "must be HOST:PORT:ADDRESS"},
		{app + " --proxy socks5://127.0.0.1:1", exitTrouble, "only http:// and https:// proxies"},
		{app + " --cacert /no/such/file", exitTrouble, "--cacert"},
		{app + " --config-path /no/such/dir", exitTrouble, "--config-path"},
		{app + " --format xml", exitTrouble, "must be one of text, json"},
		{app + " --cloudflare-zone 0123456789abcdef0123456789abcdef", exitTrouble, "CLOUDFLARE_API_TOKEN"},
		{app + " --direct nowhere", exitTrouble, "--direct"},
	} {
		t.Setenv(cloudflareToken, "")
		out, errs, code := probed(t, strings.Fields(m.args)...)
		if code != m.code || !strings.Contains(out+errs, m.says) {
			t.Errorf("%s: exit %d\n%s%s", m.args, code, out, errs)
		}
		if strings.Contains(out+errs, "secret") {
			t.Errorf("%s: the password is printed", m.args)
		}
	}
}
