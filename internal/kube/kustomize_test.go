package kube

import (
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// TestKustomize reads the patches of a Kustomization: in it, in files, and as operations
// of JSON.
func TestKustomize(t *testing.T) {
	text := `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
patches:
  - target: { kind: Ingress }
    patch: |-
      - op: add
        path: /metadata/annotations/nginx.ingress.kubernetes.io~1proxy-read-timeout
        value: "1h"
      - op: remove
        path: /metadata/annotations/nginx.ingress.kubernetes.io~1affinity
  - path: patches/timeout.yaml
patchesStrategicMerge:
  - other.yaml
  - |
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: chat
      annotations:
        nginx.ingress.kubernetes.io/proxy-read-timeout: 3600
`
	m, err := Read(parser.Foreign("overlays/prod/kustomization.yaml", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	var places []string
	for _, o := range m.Objects {
		if !o.Patch {
			t.Errorf("%s %s is no patch", o.Kind, o.Name)
		}
		for _, a := range o.Annotated() {
			places = append(places, a.Short+" "+a.Span().Text())
		}
	}
	if len(places) != 2 || places[0] != `proxy-read-timeout "1h"` || places[1] != "proxy-read-timeout 3600" {
		t.Errorf("annotations %q", places)
	}
	if len(m.patches) != 2 || m.patches[0] != "overlays/prod/patches/timeout.yaml" || m.patches[1] != "overlays/prod/other.yaml" {
		t.Errorf("files %q", m.patches)
	}
	patch := read(t, "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: chat, annotations: {nginx.ingress.kubernetes.io/affinity: cookie}}\nspec: {}\n")
	patch.File.Name = "overlays/prod/other.yaml"
	base := read(t, "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: chat}\nspec: {}\n")
	c := NewCluster([]*Manifest{base, m, patch})
	if !patch.Objects[0].Partial() || base.Objects[0].Partial() {
		t.Error("the wrong object is a patch")
	}
	if v := c.Annotation(base.Objects[0], IngressNginx, "affinity"); v.Text() != "cookie" {
		t.Errorf("affinity %q", v.Text())
	}
}

// TestServedBy reads which controller serves an Ingress.
func TestServedBy(t *testing.T) {
	class := "---\nkind: IngressClass\nmetadata: {name: edge}\nspec: {controller: k8s.io/ingress-nginx}\n"
	image := "---\nkind: Deployment\nmetadata: {name: c}\nspec: {template: {spec: {containers: [{image: \"nginx/nginx-ingress:5.0.0\"}]}}}\n"
	byDefault := "---\nkind: IngressClass\nmetadata: {name: x, annotations: {ingressclass.kubernetes.io/is-default-class: \"true\"}}\nspec: {controller: nginx.org/ingress-controller}\n"
	for name, test := range map[string]struct {
		more, ingress string
		want          *Controller
		other         string
	}{
		"class":           {class, "spec: {ingressClassName: edge}", IngressNginx, ""},
		"old class":       {class, "metadata: {annotations: {kubernetes.io/ingress.class: edge}}", IngressNginx, ""},
		"image":           {image, "spec: {ingressClassName: nginx}", F5, ""},
		"both":            {image + class, "spec: {ingressClassName: nginx}", F5, ""},
		"unknown":         {"", "spec: {ingressClassName: nginx}", nil, ""},
		"other":           {image, "spec: {ingressClassName: traefik}", nil, "Traefik"},
		"default":         {byDefault, "spec: {}", F5, ""},
		"annotation":      {byDefault, "metadata: {annotations: {nginx.ingress.kubernetes.io/affinity: cookie}}", IngressNginx, ""},
		"two controllers": {"", "metadata: {annotations: {nginx.ingress.kubernetes.io/affinity: cookie, nginx.org/keepalive: \"1\"}}", nil, ""},
	} {
		m := read(t, "kind: Ingress\n"+test.ingress+"\n"+test.more)
		got := NewCluster([]*Manifest{m}).ServedBy(m.Objects[0])
		if got.Controller != test.want || got.Other != test.other {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
