package lint

import (
	"strings"
	"testing"
	"testing/fstest"
)

const ingressHead = "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a\n  annotations:\n"

// manifests grow in one dimension each.
var manifests = []growth{
	{"annotations", func(n int) string {
		return ingressHead + many(n, "    nginx.ingress.kubernetes.io/websocket-%d: \"x\"\n")
	}},
	{"unquoted annotations", func(n int) string { return ingressHead + many(n, "    nginx.org/a%d: 1\n") }},
	{"lines of a snippet", func(n int) string {
		return ingressHead + "    nginx.ingress.kubernetes.io/configuration-snippet: |\n" + many(n, "      proxy_read_timeout %ds;\n") + "      gzip on;\n"
	}},
	{"ingresses", func(n int) string {
		return strings.Repeat(ingressHead+"    nginx.ingress.kubernetes.io/proxy-read-timeout: 1h\n", n)
	}},
	{"services of a list", func(n int) string {
		return ingressHead + "    nginx.org/websocket-services: \"" + strings.Repeat("a,", n) + "b\"\nspec: {rules: [{http: {paths: [" +
			many(n, "{path: /%d, backend: {serviceName: a}},") + "]}}]}\n"
	}},
	{"routes and gateways", func(n int) string {
		return many(n, "---\napiVersion: v1\nkind: Gateway\nmetadata: {name: g%d}\nspec: {gatewayClassName: nginx}\n") +
			many(n, "---\napiVersion: v1\nkind: HTTPRoute\nmetadata: {name: r%d}\nspec: {parentRefs: [{name: g%[1]d}], rules: [{timeouts: {request: 1h}, backendRefs: [{name: s%[1]d}]}]}\n") +
			many(n, "---\napiVersion: v1\nkind: Service\nmetadata: {name: s%d}\nspec: {ports: [{appProtocol: kubernetes.io/wss}]}\n")
	}},
}

// TestManifestGrowth checks that twice as large a manifest takes twice as much.
func TestManifestGrowth(t *testing.T) {
	const n = 300
	for _, g := range manifests {
		t.Run(g.name, func(t *testing.T) {
			of := func(n int) fstest.MapFS { return fstest.MapFS{"a.yaml": {Data: []byte(g.make(n)), Mode: 0o644}} }
			_, _, _ = spentOn(t, of(n)) // what is made once in a process
			bytes, _, ok := spentOn(t, of(n))
			bytes2, _, ok2 := spentOn(t, of(2*n))
			if !ok || !ok2 {
				t.Fatal("gave up")
			}
			if bytes2 > bytes*13/5+1<<20 {
				t.Errorf("%d bytes are allocated for %d, %d for %d", bytes, n, bytes2, 2*n)
			}
		})
	}
}

// TestManifestFiles checks which YAML files are taken for manifests, and what is said of
// the others.
func TestManifestFiles(t *testing.T) {
	good := ingressHead + "    nginx.ingress.kubernetes.io/proxy-read-timeout: \"60\"\n"
	fsys := fstest.MapFS{
		"k8s/good.yaml":    {Data: []byte(good)},
		"k8s/bad.yml":      {Data: []byte(good + "  name: twice\n")},
		"k8s/chart.yaml":   {Data: []byte(good + "{{ end }}\n")},
		"k8s/pod.yaml":     {Data: []byte("apiVersion: v1\nkind: Pod\n")},
		"other/pod.yaml":   {Data: []byte("apiVersion: v1\nkind: Pod\n")},
		"named/alone.yaml": {Data: []byte(good)},
		"named/beside.yml": {Data: []byte(strings.Replace(good, "\"60\"", "1h", 1))},
	}
	res, err := Run(Options{FS: fsys, Paths: []string{"k8s"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Files) != 1 || len(res.Findings) != 0 || len(res.Passed) != 2 {
		t.Errorf("files %d, findings %d, passed over %v", len(res.Files), len(res.Findings), res.Passed)
	}
	if _, err := Run(Options{FS: fsys, Paths: []string{"other"}}); err == nil {
		t.Error("a directory of pods is nginx configuration")
	}
	if _, err := Run(Options{FS: fsys, Paths: []string{"k8s/bad.yml"}}); err == nil || !strings.Contains(err.Error(), "already defined") {
		t.Errorf("a named file that cannot be read: %v", err)
	}
	if res, err = Run(Options{FS: fsys, Paths: []string{"named/alone.yaml"}}); err != nil || len(res.Findings) != 0 {
		t.Errorf("a named file has the findings of others: %v %v", res, err)
	}
}
