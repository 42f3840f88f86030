#!/usr/bin/env bash
# Puts Debian's nginx of several suites side by side, without touching the
# system: each is unpacked below DEST with the libraries and the loader of its
# own suite, so that none depends on what the machine has.
#
#   usage: install-nginx.sh DEST [SUITE...]     (default: bookworm trixie sid)
#   makes: DEST/bin/nginx-X.Y.Z, one for each version found, with the modules for
#          Lua, njs and headers in usr/lib/nginx/modules of the suite
#
# It needs apt, dpkg-deb and debian-archive-keyring. The mirrors are those that
# the machine's own apt is set up with. A suite that is there is left alone.
set -euo pipefail
# shellcheck source=tools/private-apt.sh
. "$(dirname "$0")/private-apt.sh"
dest=${1:?usage: $0 DEST [SUITE...]}
shift
[ $# -gt 0 ] || set -- bookworm trixie sid

for tool in apt-get apt-cache dpkg-deb; do
	command -v "$tool" >/dev/null || { echo "install-nginx.sh: no $tool on this machine" >&2; exit 2; }
done
repos=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sort -u)
mirror=$(printf '%s\n' "$repos" | grep -E '/debian/?$' | head -1 || true)
security=$(printf '%s\n' "$repos" | grep -E '/debian-security/?$' | head -1 || true)
[ -n "$mirror" ] || { echo "install-nginx.sh: apt on this machine has no Debian mirror" >&2; exit 2; }
mkdir -p "$dest/bin"
dest=$(cd "$dest" && pwd)

# suite_apt SUITE: sets apt to options that know this suite only.
suite_apt() {
	local dir=$dest/$1
	private_apt "$dir"
	mkdir -p "$dir"/{etc/none,debs,root}
	local signed=/usr/share/keyrings/debian-archive-keyring.gpg
	echo "deb [signed-by=$signed] $mirror $1 main" >"$dir/etc/sources.list"
	if [ "$1" != sid ] && [ -n "$security" ]; then
		echo "deb [signed-by=$signed] $security $1-security main" >>"$dir/etc/sources.list"
	fi
	apt+=(-o "Dir::Etc::sourcelist=$dir/etc/sources.list" -o "Dir::Etc::sourceparts=$dir/etc/none"
		-o Dir::Etc::preferences=/dev/null -o "Dir::Etc::preferencesparts=$dir/etc/none")
}

# libraries PACKAGE...: the libraries that packages depend on.
libraries() {
	apt-cache "${apt[@]}" depends --important --no-recommends --no-suggests --no-breaks --no-conflicts --no-replaces --no-enhances "$@" |
		sed -n 's/^ *|\{0,1\}\(Pre\)\{0,1\}-\{0,1\}Depends: \([a-z0-9][^ <:]*\).*/\2/p' |
		grep -E '^(lib|zlib1g)' | grep -v '^libnginx-' | sort -u
}

# The modules that tests load, and the Lua files that they need.
modules='libnginx-mod-http-lua libnginx-mod-http-ndk libnginx-mod-http-headers-more-filter libnginx-mod-http-echo libnginx-mod-http-js'
lua='lua-resty-core lua-resty-lrucache'

install_suite() {
	local dir=$dest/$1 wrapper=$dest/$1/nginx first second third loader libs
	if [ -x "$wrapper" ] && "$wrapper" -v >/dev/null 2>&1 && [ -e "$dir/root/usr/lib/nginx/modules/ngx_http_lua_module.so" ]; then return 0; fi
	suite_apt "$1"
	apt-get "${apt[@]}" -qq update
	# shellcheck disable=SC2086 # names of packages
	first=$(libraries nginx $modules)
	second=$(libraries $first)
	third=$(libraries $second || true)
	# shellcheck disable=SC2046 # names of packages, one each
	(cd "$dir/debs" && apt-get "${apt[@]}" -qq download nginx nginx-common libnginx-mod-stream $modules $lua $(printf '%s\n' $first $second $third | sort -u))
	for deb in "$dir"/debs/*.deb; do dpkg-deb -x "$deb" "$dir/root"; done
	loader=$(find "$dir/root" -name 'ld-linux-*.so.*' -path '*-linux-gnu/*' | head -1)
	[ -n "$loader" ] || loader=$(find "$dir/root" -name 'ld-*.so*' -type f | head -1)
	libs=$(basename "$(dirname "$loader")")
	libs=$dir/root/usr/lib/$libs:$dir/root/lib/$libs
	printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' "$loader" "$libs" "$dir/root/usr/sbin/nginx" >"$wrapper"
	chmod +x "$wrapper"
	rm -rf "$dir/lists" "$dir/cache" "$dir/debs"
}

failed=0
for suite in "$@"; do
	if install_suite "$suite" && version=$("$dest/$suite/nginx" -v 2>&1 | sed -n 's,.*nginx/\([0-9.]*\).*,\1,p') && [ -n "$version" ]; then
		ln -sfn "../$suite/nginx" "$dest/bin/nginx-$version"
		echo "nginx $version ($suite)"
	else
		echo "install-nginx.sh: nginx of $suite could not be installed" >&2
		failed=1
	fi
done
exit $failed
