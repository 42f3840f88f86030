package rules_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A cut is a connection through a bad example that is going to be cut, and one
// through the good one that is not.
type cut struct {
	name      string
	after     time.Duration
	bad, good *nginxtest.Conn
}

// TestCuts shows the claims of kind cut: each example leaves a connection idle,
// on every version, until nginx cuts it. All of them wait at the same time.
func TestCuts(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes as long as the timeouts")
	}
	var waiting sync.WaitGroup
	for _, c := range cuts(t, nginxtest.Installed(t)) {
		waiting.Go(func() {
			took, how, err := c.bad.WaitCut(c.after + 15*time.Second)
			if err != nil || how != "fin" || took < c.after-time.Second || took > c.after+5*time.Second {
				t.Errorf("%s: cut after %v: %s, %v", c.name, took, how, err)
			}
			if took, how, err := c.good.WaitCut(time.Second); err == nil {
				t.Errorf("%s: the good example: cut after %v: %s", c.name, took, how)
			}
		})
	}
	waiting.Wait()
}

// cuts connects through all examples that have such a claim.
func cuts(t *testing.T, installed []nginxtest.Nginx) (all []cut) {
	for _, r := range rules.All {
		examples := fences(r.Page())
		for i, f := range examples {
			if f.kind != "bad" {
				continue
			}
			claims, _ := f.claims(t)
			for _, c := range claims {
				if c.kind != "cut" {
					continue
				}
				for _, n := range installed {
					all = append(all, cut{fmt.Sprintf("%s, example %d, %v", r.Name, i, n), c.after, f.connect(t, n, c.path), examples[i+1].connect(t, n, c.path)})
				}
			}
		}
	}
	if len(all) == 0 {
		t.Error("no page has such a claim")
	}
	return all
}

// connect opens a WebSocket through an example.
func (f fence) connect(t *testing.T, n nginxtest.Nginx, path string) *nginxtest.Conn {
	t.Helper()
	target, app := f.start(t, n, "coder")
	conn, err := nginxtest.Dial(t, target.At(path))
	if err != nil || conn.Status != 101 {
		t.Fatalf("%v, %v", conn, err)
	}
	if err := app.Echo(conn, "hello"); err != nil {
		t.Fatal(err)
	}
	return conn
}
