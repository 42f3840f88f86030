package hops

import (
	"bytes"
	"strconv"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// The defaults of load balancers: the documentation of AWS ("Edit attributes for your
// Application Load Balancer") and of Google Cloud ("Backend services overview").
const (
	awsIdle    = 60 * time.Second
	googleLife = 30 * time.Second
)

// terraformTypes are the resources that are looked at.
var terraformTypes = [][]byte{[]byte(`"aws_lb"`), []byte(`"aws_alb"`), []byte(`_backend_service"`), []byte(`"cloudflare_zone_setting`)}

// readTerraform returns the load balancers and zones of a Terraform file.
func readTerraform(f *parser.File) []Hop {
	any := false
	for _, name := range terraformTypes {
		any = any || bytes.Contains(f.Src, name)
	}
	if !any {
		return nil
	}
	var hops []Hop
	for _, b := range readHCL(f) {
		if b.kind != "resource" || len(b.labels) != 2 {
			continue
		}
		h, ok := Hop{Name: b.labels[0] + "." + b.labels[1], At: b.at}, false
		switch b.labels[0] {
		case "aws_lb", "aws_alb":
			h.Kind = Idle
			if kind := b.attrs["load_balancer_type"]; kind.value == "" || kind.text() == "application" {
				ok = h.seconds(b, "idle_timeout", awsIdle)
			}
		case "google_compute_backend_service", "google_compute_region_backend_service":
			h.Kind = Life
			if b.attrs["load_balancing_scheme"].text() != "INTERNAL" && !tcp[b.attrs["protocol"].text()] {
				ok = h.seconds(b, "timeout_sec", googleLife)
			}
		case "cloudflare_zone_setting":
			h.Kind, h.At = Off, b.attrs["value"].at
			ok = b.attrs["setting_id"].text() == "websockets" && b.attrs["value"].text() == "off"
		case "cloudflare_zone_settings_override":
			for _, inner := range b.blocks {
				if set := inner.attrs["websockets"]; inner.kind == "settings" && set.text() == "off" {
					h.Kind, h.At, ok = Off, set.at, true
				}
			}
		}
		if ok {
			hops = append(hops, h)
		}
	}
	return hops
}

// tcp are the protocols of backend services without HTTP.
var tcp = map[string]bool{"TCP": true, "SSL": true, "UDP": true, "UNSPECIFIED": true}

// seconds sets the time of a hop from an attribute, or to its default. It reports false if
// the attribute is not a number.
func (h *Hop) seconds(b *block, name string, byDefault time.Duration) bool {
	set, ok := b.attrs[name]
	if !ok {
		h.Time, h.Why = byDefault, "the default of "+name
		return true
	}
	n, err := strconv.Atoi(set.value)
	if s := set.text(); err != nil {
		n, err = strconv.Atoi(s)
	}
	h.Time, h.Why, h.At = time.Duration(n)*time.Second, name, set.at
	return err == nil && n > 0
}
