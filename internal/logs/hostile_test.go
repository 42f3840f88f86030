package logs

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// siteOf reads a configuration.
func siteOf(t *testing.T, text string) *Site {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := NewSite(lint.Options{FS: os.DirFS(dir), Paths: []string{"."}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func manyLines(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// TestLogsGrowth: twice as much configuration and log needs about twice as much
// memory and steps, or the run gives up.
func TestLogsGrowth(t *testing.T) {
	const access = `1.2.3.4 - - [21/Nov/2026:12:18:15 +0000] "GET /l%d/ws HTTP/1.1" 502 1 "-" "x"` + "\n"
	const failed = `2026/11/21 12:18:15 [error] 1#1: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 1.2.3.4, server: n%d, request: "GET /ws HTTP/1.1", upstream: "http://a", host: "h%[1]d.n.a"` + "\n"
	for name, make := range map[string]func(n int) (conf, log string){
		"locations": func(n int) (string, string) {
			return "events {} http { server { " + manyLines(n, "location /l%d/ws { proxy_pass http://a; }\n") + "} }", manyLines(n, access)
		},
		"servers": func(n int) (string, string) {
			return "events {} http { " + manyLines(n, "server { server_name n%d; location /ws { proxy_pass http://a; } }\n") + "}", manyLines(n, failed)
		},
		"servers without a name in the log": func(n int) (string, string) {
			return "events {} http { " + manyLines(n, "server { server_name n%d; location /ws { proxy_pass http://a; } }\n") + "}", manyLines(n, access)
		},
		"formats": func(n int) (string, string) {
			return "events {} http { " + manyLines(n, "log_format f%d '%[1]d$a $status';\n") + "}", manyLines(n, access)
		},
	} {
		t.Run(name, func(t *testing.T) {
			spent := func(n int) (bytes uint64, steps int64) {
				conf, log := make(n)
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				l := New(siteOf(t, conf), nil)
				if err := l.Read("log", strings.NewReader(log)); err != nil {
					t.Fatal(err)
				}
				if err := l.Judge(); err != nil && !strings.Contains(err.Error(), "gave up") {
					t.Fatal(err)
				}
				runtime.ReadMemStats(&after)
				return after.TotalAlloc - before.TotalAlloc, maxSteps - l.site.budget
			}
			spent(500) // what is made once in a process
			bytes, steps := spent(500)
			bytes2, steps2 := spent(1000)
			if bytes2 > bytes*13/5+1<<20 || steps2 > steps*13/5+1000 {
				t.Errorf("%d bytes and %d steps for 500, %d and %d for 1000", bytes, steps, bytes2, steps2)
			}
		})
	}
}

// TestLogsGivenUp: many names with wildcards against many hosts end with a message.
func TestLogsGivenUp(t *testing.T) {
	l := New(siteOf(t, "events {} http { "+manyLines(3000, "server { server_name ~^x%d$; }\n")+"}"), nil)
	for i := range 200 {
		l.site.spotOf(&Entry{Host: fmt.Sprintf("h%d.example", i), URI: "/ws"})
	}
	if err := l.Judge(); err == nil || !strings.Contains(err.Error(), "gave up") {
		t.Errorf("the error is %v", err)
	}
}

// TestGzipBomb: no more is unpacked than a log of the size may become.
func TestGzipBomb(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	line := bytes.Repeat([]byte("x"), 1<<20)
	for range 200 {
		if _, err := z.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	l := New(nil, nil)
	if err := l.Read("log.gz", &packed); err == nil || !strings.Contains(err.Error(), "line 2: compressed far more than any log") {
		t.Errorf("the error is %v", err)
	}
}

// TestManyServersAreNoted: where it is not known which of many servers took a
// request, that is said.
func TestManyServersAreNoted(t *testing.T) {
	l := New(siteOf(t, "events {} http { "+manyLines(maxServers+1, "server { server_name n%d; location /ws { proxy_pass http://a; } }\n")+"}"), nil)
	if err := l.Read("log", strings.NewReader(`1.2.3.4 - - [21/Nov/2026:12:18:15 +0000] "GET /ws HTTP/1.1" 502 1 "-" "x"`)); err != nil {
		t.Fatal(err)
	}
	if notes := strings.Join(l.Unseen(), "\n"); !strings.Contains(notes, "which of more than 100 servers") {
		t.Errorf("the notes are %q", notes)
	}
}

// TestManyGroups: a location that has a group keeps it, however many others come.
func TestManyGroups(t *testing.T) {
	const failed = `2026/11/21 12:18:15 [error] 1#1: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 1.2.3.4, server: n%d, request: "GET /ws HTTP/1.1", upstream: "http://a", host: "n%[1]d"` + "\n"
	n := maxGroups + 10
	site := siteOf(t, "events {} http { "+manyLines(n, "server { server_name n%d; location /ws { proxy_pass http://a; } }\n")+"}")
	l := New(site, nil)
	if err := l.Read("log", strings.NewReader(strings.Repeat(manyLines(n, failed), 3))); err != nil {
		t.Fatal(err)
	}
	at := make(map[int]int) // by how many lines a group has: groups
	for _, g := range l.groups {
		for _, s := range g.signs {
			at[s.Count]++
		}
	}
	if len(l.groups) != maxGroups+1 || at[3] != maxGroups || at[3*(n-maxGroups)] != 1 {
		t.Errorf("%d groups, by their counts %v", len(l.groups), at)
	}
}
