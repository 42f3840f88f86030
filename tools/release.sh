#!/usr/bin/env bash
# Makes a release: the program for every platform, for each a list of what it is
# made of (CycloneDX), packages for Debian and Fedora and their kin, a formula for
# Homebrew, and checksums of all. The same commit and the same Go make the same
# bytes, in any directory and on any machine.
#
#   usage: release.sh DEST VERSION [OS/ARCH...]     (default: all six)
#
# NFPM may name nfpm, which makes the packages; it is built where it does not.
set -eEuo pipefail
trap 'echo "release.sh: failed at line $LINENO: $BASH_COMMAND" >&2' ERR
dest=${1:?usage: $0 DEST VERSION [OS/ARCH...]}
version=${2:?usage: $0 DEST VERSION [OS/ARCH...]}
shift 2
[ $# -gt 0 ] || set -- linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
nfpm=github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.43.4
rm -rf "$dest"
mkdir -p "$dest"
dest=$(cd "$dest" && pwd)
cd "$(dirname "$0")/.."
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

# What else would get into the bytes: the flags and levels of whoever builds, and the
# time.
export CGO_ENABLED=0 GOFLAGS='' GOAMD64=v1 GOARM64=v8.0 LC_ALL=C TZ=UTC
unset GOEXPERIMENT GODEBUG
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 315532800)}
export SOURCE_DATE_EPOCH
umask 022

# build OS ARCH OUTPUT
build() {
	GOOS=$1 GOARCH=$2 go build -trimpath -buildvcs=false -tags=urfave_cli_no_docs -ldflags "-s -w -X main.version=$version" -o "$3" ./cmd/nginx-ws-lint
}

# A package's version begins with a digit.
number=${version#v}
[[ $number =~ ^[0-9]+\.[0-9]+\.[0-9]+ ]] || number=0.0.0-$number

# package ARCH: what it holds is read from the stage.
package() {
	cp "$dest/nginx-ws-lint-linux-$1" "$stage/nginx-ws-lint"
	for kind in deb rpm; do
		(cd "$stage" && VERSION=$number ARCH=$1 "$NFPM" package --config nfpm.yaml --packager "$kind" --target "$dest/nginx-ws-lint-linux-$1.$kind" >/dev/null)
		echo "$dest/nginx-ws-lint-linux-$1.$kind"
	done
}

go build -trimpath -buildvcs=false -tags=urfave_cli_no_docs -ldflags "-X main.version=$version" -o "$stage/host" ./cmd/nginx-ws-lint
"$stage/host" man | gzip -9n >"$stage/nginx-ws-lint.1.gz"
for shell in bash fish zsh; do "$stage/host" completion $shell >"$stage/completion.$shell"; done
cp LICENSE packaging/nfpm.yaml "$stage"
if [ -z "${NFPM:-}" ]; then
	GOBIN=$stage go install "$nfpm"
	NFPM=$stage/nfpm
fi
go build -o "$stage/sbom" ./tools/sbom

for platform; do
	os=${platform%/*} arch=${platform#*/} ending=
	[ "$os" != windows ] || ending=.exe
	program=nginx-ws-lint-$os-$arch
	build "$os" "$arch" "$dest/$program$ending"
	"$stage/sbom" -version "$version" "$dest/$program$ending" >"$dest/$program.cdx.json"
	echo "$dest/$program$ending"
	if [ "$os" = linux ]; then package "$arch"; fi
done

# sum FILE, or nothing where it was not built.
sum() { [ ! -f "$dest/$1" ] || sha256sum <"$dest/$1" | cut -d ' ' -f 1; }
# shellcheck disable=SC2046 # words for sed
sed -e "s/@VERSION@/${version#v}/" $(for p in darwin-arm64 darwin-amd64 linux-arm64 linux-amd64; do printf -- '-e s/@%s@/%s/ ' "$p" "$(sum "nginx-ws-lint-$p")"; done) \
	packaging/nginx-ws-lint.rb >"$dest/nginx-ws-lint.rb"
(cd "$dest" && sha256sum -- nginx-ws-lint* >SHA256SUMS)
echo "$dest/SHA256SUMS"
