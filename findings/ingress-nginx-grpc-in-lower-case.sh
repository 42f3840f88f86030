#!/usr/bin/env bash
# ingress-nginx (the Go module of July 2024, about v1.11): the annotation backend-protocol
# is compared without regard to case when it is accepted and when the upstream is chosen,
# but with regard to case when the headers are written. So "grpc" is accepted and gives
# grpc_pass, as "GRPC" does, with headers that nginx uses only for proxy_pass. Host,
# X-Forwarded-For and the others of the controller do not reach the pods.
#
# seen: "GRPC" is accepted as: GRPC
# seen: "GRPC" gives: grpc_pass grpc://upstream_balancer; with grpc_set_header
# seen: "grpc" is accepted as: grpc
# seen: "grpc" gives: grpc_pass grpc://upstream_balancer; with proxy_set_header
# shellcheck source=findings/common.sh
. "$(dirname "$0")/common.sh"
module=k8s.io/ingress-nginx@v0.0.0-20240708192948-52c50467d67d
export GOFLAGS=-mod=mod GOWORK=off
cp -R "$(cd "$work" && go mod download -json "$module" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')" "$work/controller"
chmod -R u+w "$work/controller"
cd "$work/controller"
rm -f go.work go.work.sum internal/ingress/controller/template/*_test.go
cat >internal/ingress/controller/template/seen_test.go <<'END'
package template

import (
	"fmt"
	"os"
	"testing"

	networking "k8s.io/api/networking/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"

	"k8s.io/ingress-nginx/internal/ingress/annotations/backendprotocol"
	"k8s.io/ingress-nginx/internal/ingress/resolver"
	"k8s.io/ingress-nginx/pkg/apis/ingress"
)

func TestSeen(t *testing.T) {
	ing := &networking.Ingress{ObjectMeta: meta.ObjectMeta{
		Annotations: map[string]string{"nginx.ingress.kubernetes.io/backend-protocol": os.Getenv("PROTOCOL")},
	}}
	protocol, err := backendprotocol.NewParser(resolver.Mock{}).Parse(ing)
	if err != nil {
		t.Fatal(err)
	}
	location := &ingress.Location{Path: "/", Backend: "a", BackendProtocol: protocol.(string)}
	fmt.Printf("seen %s\nseen %s with %s\n", protocol, buildProxyPass("", []*ingress.Backend{}, location), proxySetHeader(location))
}
END
for protocol in GRPC grpc; do
	PROTOCOL=$protocol go test -count=1 -v -run TestSeen ./internal/ingress/controller/template >"$work/seen" 2>"$work/log" || { cat "$work/seen" "$work/log" >&2; exit 1; }
	headers=proxy_set_header
	if [ "$protocol" = GRPC ]; then headers=grpc_set_header; fi
	expect "\"$protocol\" is accepted as" "$(grep '^seen ' "$work/seen" | sed -n '1s/^seen //p')" "$protocol"
	expect "\"$protocol\" gives" "$(grep '^seen ' "$work/seen" | sed -n '2s/^seen //p')" "grpc_pass grpc://upstream_balancer; with $headers"
done
exit $failed
