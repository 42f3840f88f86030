#!/usr/bin/env bash
# Makes a release twice, from two copies of the sources in directories of other
# names, the second without a build cache, and compares the bytes.
#
#   usage: reproducible.sh VERSION [OS/ARCH...]
set -euo pipefail
version=${1:?usage: $0 VERSION [OS/ARCH...]}
shift
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
if [ -z "${NFPM:-}" ]; then
	GOBIN=$scratch go install "$(sed -n 's/^nfpm=//p' tools/release.sh)"
	export NFPM=$scratch/nfpm
fi
for copy in one another/and-deeper; do
	mkdir -p "$scratch/$copy"
	tar -c --exclude=./.git --exclude=./.cache --exclude=./bin --exclude=./dist . | tar -x -C "$scratch/$copy"
	"$scratch/$copy/tools/release.sh" "$scratch/$copy/dist" "$version" "$@" >/dev/null
	export GOCACHE=$scratch/cache
done
cd "$scratch"
diff <(cd one/dist && sha256sum -- *) <(cd another/and-deeper/dist && sha256sum -- *)
echo "the same bytes twice: $(ls one/dist | wc -l) files"
