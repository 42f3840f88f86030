package report_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
)

// The inventory in JSON has each line of a header that is sent twice.
func TestInventoryHeaderLines(t *testing.T) {
	res, err := lint.Run(lint.Options{Paths: []string{"nginx.conf"}, FS: fstest.MapFS{"nginx.conf": {Data: []byte(
		"events {}\nhttp { server { location /ws { proxy_pass http://127.0.0.1:3000; proxy_set_header Upgrade $http_upgrade; proxy_set_header Upgrade websocket; } } }\n")}}})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := report.InventoryJSON(&out, lint.Inventory(res, false), nil, report.Options{Shown: func(name string) string { return name }}); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Locations []struct {
			Lines []struct{ Name, Value string } `json:"header_lines"`
		}
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, h := range doc.Locations[0].Lines {
		if h.Name == "Upgrade" && h.Value == "websocket" {
			n++
		}
	}
	if n != 2 {
		t.Errorf("Upgrade is listed %d times, want 2:\n%s", n, out.String())
	}
}
