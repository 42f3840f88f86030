package lint

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
)

// manyManifests returns a repository of n manifests: an Ingress, a Service and a
// Deployment in each file.
func manyManifests(n int) fstest.MapFS {
	fsys := make(fstest.MapFS, n)
	for i := range n {
		text := strings.ReplaceAll(`apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: app-N
  annotations:
    cert-manager.io/cluster-issuer: letsencrypt
    nginx.ingress.kubernetes.io/proxy-read-timeout: "3600"
    nginx.ingress.kubernetes.io/affinity: cookie
spec:
  ingressClassName: nginx
  rules:
    - host: app-N.example.org
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: web-N, port: { number: 80 } } } }
          - { path: /socket.io, pathType: Prefix, backend: { service: { name: app-N, port: { number: 3000 } } } }
---
apiVersion: v1
kind: Service
metadata: { name: app-N }
spec: { selector: { app: app-N }, ports: [{ port: 3000 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-N
spec:
  replicas: 3
  selector: { matchLabels: { app: app-N } }
  template:
    metadata: { labels: { app: app-N } }
    spec:
      containers:
        - name: app
          image: registry.example.org/app:N
          env: [{ name: PORT, value: "3000" }, { name: MODE, value: production }]
`, "N", fmt.Sprint(i))
		fsys[fmt.Sprintf("apps/%02d/%04d.yaml", i%50, i)] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// BenchmarkManifests checks a repository of 2,000 manifests. The metric "times" compares
// it with reading the same YAML.
func BenchmarkManifests(b *testing.B) {
	fsys := manyManifests(2000)
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			for _, f := range fsys {
				if docs, err := yaml.Documents(f.Data); err != nil || len(docs) != 3 {
					b.Fatal(len(docs), err)
				}
			}
		}
	})
	b.Run("check", func(b *testing.B) {
		for b.Loop() {
			res, err := Run(Options{FS: fsys, Paths: []string{"."}})
			if err != nil || len(res.Findings) > 0 {
				b.Fatal(err, len(res.Findings))
			}
		}
	})
}
