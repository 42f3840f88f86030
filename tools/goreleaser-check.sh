#!/usr/bin/env bash
# Has goreleaser check .goreleaser.yaml and build this platform's program, and
# compares it with that of release.sh.
#
#   usage: goreleaser-check.sh VERSION
set -euo pipefail
version=${1:?usage: $0 VERSION}
goreleaser=github.com/goreleaser/goreleaser/v2@v2.16.0
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
GOBIN=$scratch go install "$goreleaser"
export VERSION=$version PATH=$scratch:$PATH
goreleaser check
goreleaser build --snapshot --clean --single-target --output "$scratch/theirs"
platform=$(go env GOOS)/$(go env GOARCH)
tools/release.sh "$scratch/ours" "$version" "$platform" >/dev/null
cmp "$scratch/theirs" "$scratch/ours/nginx-ws-lint-${platform/\//-}"
echo "goreleaser builds the same bytes for $platform"
