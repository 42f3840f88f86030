#!/usr/bin/env bash
# Builds a program that reads annotations as ingress-nginx reads them, with that
# controller's own code, and compares it with what internal/kube says of each value.
#
#   usage: prove-kubernetes.sh DEST
#   makes: DEST/annotations, DEST/nginx.tmpl
#
# The code is that of July 2024 (about v1.11), the newest that a Go proxy has as a module.
# Its packages are internal, so the program is built inside a copy of the module.
set -euo pipefail
dest=${1:?usage: $0 DEST}
module=k8s.io/ingress-nginx@v0.0.0-20240708192948-52c50467d67d
here=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$dest"
dest=$(cd "$dest" && pwd)
if [ ! "$dest/annotations" -nt "$here/internal/kube/testdata/controller.go.txt" ]; then
	work=$(mktemp -d)
	trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT
	cd "$work"
	export GOFLAGS=-mod=mod GOWORK=off
	cp -R "$(go mod download -json "$module" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')" controller
	chmod -R u+w controller
	cd controller
	rm -f go.work go.work.sum
	mkdir -p internal/ask
	cp "$here/internal/kube/testdata/controller.go.txt" internal/ask/main.go
	cp rootfs/etc/nginx/template/nginx.tmpl "$dest/nginx.tmpl"
	go build -o "$dest/annotations" ./internal/ask
fi
cd "$here"
NGINX_WS_LINT_CONTROLLER=$dest/annotations go test ./internal/kube ./rules -run TestController -count=1 -v
