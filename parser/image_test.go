package parser

import "testing"

// TestParseImage reads names of images as Dockerfiles and Compose files have them.
func TestParseImage(t *testing.T) {
	for image, want := range map[string]string{
		"nginx:1.26.3":                "1.26.3",
		"nginx:1.26":                  "1.26.0 to 1.26.99",
		"nginx:1.26-alpine@sha256:00": "1.26.0 to 1.26.99",
		"docker.io/library/nginx:1.25.3-alpine-slim":     "1.25.3",
		"public.ecr.aws/docker/library/nginx:1.25.3":     "1.25.3",
		"mirror.gcr.io/library/nginx:1.25.3":             "1.25.3",
		"ghcr.io/nginx/nginx-unprivileged:1.29.8":        "1.29.8",
		"public.ecr.aws/nginx/nginx:1.29.8":              "1.29.8",
		"nginx":                                          "any 1.18.0 and newer",
		"nginx:latest":                                   "any 1.18.0 and newer",
		"nginx:1":                                        "any 1.18.0 and newer",
		"openresty/openresty:1.27.1.2-2-alpine-fat":      "openresty-1.27.1.2",
		"openresty/openresty:alpine":                     "any openresty-1.18.0.0 and newer",
		"docker.angie.software/angie:1.11.8-minimal":     "angie-1.11.8",
		"docker.angie.software/angie:1.12":               "angie-1.12.0 to angie-1.12.99",
		"docker.angie.software/angie":                    "any angie-1.0.0 and newer",
		"ghcr.io/alibaba/tengine:3.2.0":                  "tengine-3.2.0",
		"bitnamilegacy/nginx:1.25.3-debian-11-r1":        "1.25.3",
		"fholzer/nginx-brotli:v1.28.0":                   "1.28.0",
		"private-registry.nginx.com/nginx-plus/base:r36": "plus-r36 to plus-r36-p99",
		"nginxproxy/nginx-proxy:1.6.3-alpine":            "1.27.2",
		"jwilder/nginx-proxy:1.10":                       "1.29.5 to 1.31.0",
		"kong:3.4.2":                                     "openresty-1.21.4.1",
		"registry.example:5000/nginx:1.26.3":             "1.26.3",
		"caddy:2":                                        "",
		"example/nginx:1.26.3":                           "",
	} {
		got, ok := ParseImage(image)
		said := got.Versions.String()
		if !got.Numbered {
			said = "any " + said
		}
		if !ok {
			said = ""
		}
		if said != want {
			t.Errorf("%s is %q, want %q", image, said, want)
		}
	}
	for image, stock := range map[string]bool{"nginx:1.26": true, "nginxinc/nginx-unprivileged": true, "nginxproxy/nginx-proxy:1.6": false, "openresty/openresty": false} {
		if got, _ := ParseImage(image); got.Stock != stock {
			t.Errorf("%s: an official image: %v", image, got.Stock)
		}
	}
}
