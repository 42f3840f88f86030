package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// Configurations by the advice that their findings call for.
var advised = map[string]string{
	"safe": "events {}\nhttp {\n    server {\n        listen 8080;\n        location /ws { proxy_pass http://127.0.0.1:3000; }\n    }\n}\n",
	"unsafe": "events {}\nhttp {\n    map $http_upgrade $c { default upgrade; '' close; }\n    server {\n        listen 8080;\n" +
		"        location /ws { proxy_pass http://127.0.0.1:3000; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $c; }\n    }\n}\n",
	"both": "events {}\nhttp {\n    server {\n        listen 8080;\n        location /ws { proxy_pass http://127.0.0.1:3000; }\n" +
		"        location /live { proxy_pass http://127.0.0.1:3000; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; }\n    }\n}\n",
	"none": "events {}\nhttp { include none.conf; }\n",
}

// The advice at the end is a command that can be run.
func TestAdvice(t *testing.T) {
	t.Setenv(inAction, "")
	for _, c := range []struct{ config, args, want string }{
		{"safe", "a.conf", "2 can be fixed with --fix; preview the patch: nginx-ws-lint --diff a.conf"},
		{"safe", "--color never a.conf", "2 can be fixed with --fix; preview the patch: nginx-ws-lint --diff a.conf"},
		{"safe", "--select missing-upgrade-headers a.conf", "1 can be fixed with --fix; preview the patch with --diff"},
		{"safe", "--unsafe-fixes a.conf", "2 can be fixed with --fix --unsafe-fixes\npreview the patch: nginx-ws-lint --diff --unsafe-fixes a.conf"},
		{"safe", "--diff a.conf", "1 warning, 1 info in 1 file"},
		{"safe", "--fix a.conf", "2 can be fixed with --fix --unsafe-fixes, which may change non-WebSocket requests"},
		{"safe", "--fix --unsafe-fixes a.conf", "nothing found in 1 file"},
		{"safe", "-", "2 can be fixed; preview the patch: nginx-ws-lint --diff -"},
		{"safe", "$HOME", "2 can be fixed with --fix; preview the patch with --diff"},
		{"safe", "--quiet a.conf", ""},
		{"unsafe", "a.conf", "2 can be fixed with --fix --unsafe-fixes, which may change non-WebSocket requests\npreview the patch: nginx-ws-lint --diff --unsafe-fixes a.conf"},
		{"unsafe", "--diff a.conf", "2 can be fixed with --fix --unsafe-fixes, which may change non-WebSocket requests"},
		{"unsafe", "-", "2 can be fixed with --unsafe-fixes, which may change non-WebSocket requests\npreview the patch: nginx-ws-lint --diff --unsafe-fixes -"},
		{"both", "a.conf", "2 can be fixed with --fix\n2 more with --fix --unsafe-fixes, which may change non-WebSocket requests\npreview the patch: nginx-ws-lint --diff a.conf"},
		{"both", "--diff a.conf", "2 more with --fix --unsafe-fixes, which may change non-WebSocket requests"},
		{"none", "a.conf", "for details: nginx-ws-lint explain unknown-include"},
	} {
		t.Run(c.config+" "+c.args, func(t *testing.T) {
			t.Chdir(t.TempDir())
			args, text := strings.Fields(c.args), advised[c.config]
			if name := args[len(args)-1]; name != "-" {
				if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got := said(t, args, text); got != c.want && !strings.HasSuffix(got, "\n"+c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// said is what a command says on standard error.
func said(t *testing.T, args []string, stdin string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(append([]string{"nginx-ws-lint"}, args...), strings.NewReader(stdin), &out, &errs); code == exitTrouble {
		t.Fatalf("%s", &errs)
	}
	return strings.TrimSpace(errs.String())
}

// A user without the right to read a file is told who has it.
func TestUnread(t *testing.T) {
	denied := []lint.Note{{Name: "a", Message: "not read: permission denied", Trouble: true}}
	if err := unread(denied, 1000); err == nil || !strings.Contains(err.Error(), "try sudo") {
		t.Errorf("got %v", err)
	}
	if err := unread(denied, 0); err == nil || strings.Contains(err.Error(), "sudo") {
		t.Errorf("as root: %v", err)
	}
	if err := unread([]lint.Note{{Name: "a", Message: "permission denied"}}, 1000); err != nil {
		t.Errorf("a note: %v", err)
	}
}
