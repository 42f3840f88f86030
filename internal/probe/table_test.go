package probe

//go:generate go test . -run TestTable -update

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/pagetest"
)

var update = flag.Bool("update", false, "write the tables of docs/probe.md again")

const page = "../../docs/probe.md"

// TestTable keeps docs/probe.md up to date: it lists each row with its test, and each
// cause with its remedy.
func TestTable(t *testing.T) {
	pagetest.Keep(t, page, map[string]string{"rows": rowTable(t), "causes": causeTable()}, *update, "go generate ./internal/probe")
}

func rowTable(t *testing.T) string {
	shown := rowTests(t)
	var b strings.Builder
	b.WriteString("| row | what is seen | verdict | test |\n|---|---|---|---|\n")
	names := make(map[string]bool)
	for _, r := range Rows {
		if names[r.Name] || r.Seen == "" || !slices.Contains(cause.All, r.Cause) {
			t.Errorf("the row %q", r.Name)
		}
		names[r.Name] = true
		tests := shown[r.Name]
		if len(tests) == 0 {
			t.Errorf("no test shows %s", r.Name)
		}
		fmt.Fprintf(&b, "| %s | %s | %s: %s | %s |\n", r.Name, r.Seen, r.Cause.Layer, r.Cause.Name, strings.Join(tests, ", "))
	}
	for name := range shown {
		if !names[name] {
			t.Errorf("%v shows %q, which is no row", shown[name], name)
		}
	}
	return b.String()
}

func causeTable() string {
	var b strings.Builder
	b.WriteString("| cause | layer | what it is | what to do | rules |\n|---|---|---|---|---|\n")
	for _, c := range cause.All {
		var names []string
		for _, r := range c.Rules {
			names = append(names, fmt.Sprintf("[%s](../rules/docs/%s.md)", r.Name, r.Name))
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", c.Name, c.Layer, c.What, c.Do, strings.Join(names, ", "))
	}
	return b.String()
}

var (
	testFunc = regexp.MustCompile(`(?m)^func (Test\w+)`)
	rowShown = regexp.MustCompile(`(?m)row: "([a-z0-9.-]+)"|^\t\t\{?"([a-z0-9.-]+)"(?:,|: +func)`)
)

// rowTests are the tests that show each row, as their sources have them.
func rowTests(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("live_*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	all := make(map[string][]string)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		begins := testFunc.FindAllSubmatchIndex(text, -1)
		for i, at := range begins {
			end := len(text)
			if i+1 < len(begins) {
				end = begins[i+1][0]
			}
			name := string(text[at[2]:at[3]])
			for _, m := range rowShown.FindAllSubmatch(text[at[0]:end], -1) {
				if row := string(m[1]) + string(m[2]); !slices.Contains(all[row], name) {
					all[row] = append(all[row], name)
				}
			}
		}
	}
	return all
}

// A finding at the place speaks for a cause; a model that passes, against one of
// nginx's.
func TestWeigh(t *testing.T) {
	broken, whole := locate(t, manyServers, "wss://chat.test/ws"), &Place{}
	for _, m := range []struct {
		place *Place
		cause *cause.Cause
		want  int
	}{
		{nil, cause.HeadersLost, 50}, {broken, cause.HeadersLost, 75}, {whole, cause.HeadersLost, 25}, {whole, cause.NameUnknown, 50}, {whole, cause.OriginRefused, 50},
	} {
		c := &Case{Place: m.place}
		s := Suspect{Row: &Row{Cause: m.cause}, Weight: 50, Findings: m.place.Found(m.cause)}
		if c.weigh(&s); s.Weight != m.want {
			t.Errorf("%s weighs %d, want %d", m.cause.Name, s.Weight, m.want)
		}
	}
}

// The systems on the way are named without private values.
func TestHops(t *testing.T) {
	q := &Inquiry{Answers: []*Answer{{Header: http.Header{"Set-Cookie": {"a=b", "AWSALB=secret; Path=/"}, "Via": {"1.1 google"}, "Cf-Ray": {"8a-FRA"}}}, {Header: http.Header{"Server": {"openresty/1.25"}}}}}
	var names []string
	for _, h := range q.hops() {
		names = append(names, h.Name)
		if strings.Contains(h.Mark, "secret") {
			t.Errorf("the cookie's value is in %q", h.Mark)
		}
	}
	if want := []string{"Cloudflare", "AWS load balancer", "Google load balancer", "nginx (OpenResty)"}; !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
	for server, name := range map[string]string{"nginx/1.26.3": "nginx", "Angie/1.12.1": "nginx (Angie)", "Tengine/3.1.0": "nginx (Tengine)", "freenginx/1.27.1": "nginx (freenginx)"} {
		program, _, _ := strings.Cut(server, "/")
		a := &Answer{Header: http.Header{"Server": {server}}, Body: "<hr><center>" + program + "</center>"}
		if hops := (&Inquiry{Answers: []*Answer{a}}).hops(); len(hops) != 1 || hops[0].Name != name || !a.nginxPage() {
			t.Errorf("%s: %v, its own page: %v", server, hops, a.nginxPage())
		}
	}
}

// Nothing speaks of a case in which nothing was seen, and nothing breaks.
func TestRowsOfNothing(t *testing.T) {
	for _, c := range []*Case{
		{Through: &Inquiry{URL: parseURL(t, "wss://a.test/")}},
		{Through: &Inquiry{URL: parseURL(t, "ws://a.test/ws"), Answers: []*Answer{{Kind: Handshake, Status: 204}}}, Direct: &Inquiry{URL: parseURL(t, "ws://b.test/")}},
	} {
		v := Judge(c)
		for _, s := range v.Suspects {
			if s.Row.Name != "all-good" {
				t.Errorf("%s speaks of it: %v", s.Row.Name, s.Evidence)
			}
		}
	}
}
