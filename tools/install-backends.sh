#!/usr/bin/env bash
# Puts what the tests' applications of other languages need side by side,
# without touching the system: npm's ws and socket.io at the versions of the lock
# file, and Debian's uvicorn, websockets and tornado, of the machine's own suite.
# HAProxy comes with them, which tests of the probe put before nginx.
#
#   usage: install-backends.sh DEST
#   makes: DEST/apps     the names of the applications that tests can start
#          DEST/node     for NODE_PATH: DEST/node/node_modules
#          DEST/python   for PYTHONPATH: DEST/python/usr/lib/python3/dist-packages
#          DEST/haproxy  DEST/haproxy/haproxy runs it
#
# What the machine has no node, npm, python3 or apt for is left out, and named. A
# second run does nothing, unless a version or this script changed.
set -eEuo pipefail
trap 'echo "install-backends.sh: failed at line $LINENO: $BASH_COMMAND" >&2' ERR
# shellcheck source=tools/private-apt.sh
. "$(dirname "$0")/private-apt.sh"
dest=${1:?usage: $0 DEST}
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
lock=$(dirname "$self")/../internal/nginxtest/apps
mkdir -p "$dest"
dest=$(cd "$dest" && pwd)

has() { command -v "$1" >/dev/null; }

# wanted says what an install depends on, to tell whether it is still good.
wanted() {
	cat "$self" "$(dirname "$self")/private-apt.sh" "$lock/package.json" "$lock/package-lock.json" | cksum
	for tool in node npm python3 apt-get dpkg-deb; do command -v "$tool" || echo "no $tool"; done
	if has node; then node --version; fi
	if has python3; then python3 --version; fi
}

found() { printf '%s\n' "$1" >>"$dest/apps.new"; printf '%s %s\n' "$1" "$2" >>"$dest/said.new"; }
left_out() { printf 'left out: %s (%s)\n' "$1" "$2" >>"$dest/said.new"; }

install_node() {
	rm -rf "$dest/node"
	if ! has node; then left_out 'node-http, node-ws, socket.io' 'no node on this machine'; return; fi
	found node-http "$(node --version)"
	if ! has npm; then left_out 'node-ws, socket.io' 'no npm on this machine'; return; fi
	mkdir -p "$dest/node"
	cp "$lock/package.json" "$lock/package-lock.json" "$dest/node"
	npm ci --prefix "$dest/node" --no-audit --no-fund --ignore-scripts --loglevel=error >/dev/null
	local package version
	for package in ws socket.io; do
		version=$(NODE_PATH=$dest/node/node_modules node -p "require('$package'); require('$package/package.json').version")
		found "${package/#ws/node-ws}" "$version"
	done
}

# with_dependencies PATTERN PACKAGE...: the packages and those they need whose
# names match.
with_dependencies() {
	local pattern=$1 all more
	shift
	all=$(printf '%s\n' "$@")
	while more=$(printf '%s\n' "$all" "$(dependencies "$pattern" $all)" | sort -u | grep .) && [ "$more" != "$all" ]; do all=$more; done
	printf '%s\n' "$all"
}

dependencies() {
	local pattern=$1
	shift
	apt-cache "${apt[@]}" depends --important --no-recommends --no-suggests --no-breaks --no-conflicts --no-replaces --no-enhances "$@" |
		sed -n 's/^ *|\{0,1\}\(Pre\)\{0,1\}-\{0,1\}Depends: \([^ <:]*\).*/\2/p' | grep -E "$pattern" || true
}

install_python() {
	rm -rf "$dest/python"
	local all='uvicorn, python-websockets, tornado' packages name module
	for tool in python3 apt-get apt-cache dpkg-deb; do
		if ! has "$tool"; then left_out "$all" "no $tool on this machine"; return; fi
	done
	private_apt "$dest/apt"
	mkdir "$dest/apt/debs"
	apt-get "${apt[@]}" -qq update
	# h11 and websockets are what uvicorn is run with; it recommends the latter only.
	packages=$(with_dependencies ^python3- python3-uvicorn python3-h11 python3-websockets python3-tornado)
	(cd "$dest/apt/debs" && apt-get "${apt[@]}" -qq download $packages)
	for deb in "$dest"/apt/debs/*.deb; do dpkg-deb -x "$deb" "$dest/python"; done
	rm -rf "$dest/apt"
	for name in uvicorn python-websockets tornado; do
		module=${name#python-}
		# A python3 that is not Debian's may be too new or too old for them.
		if version=$(module_version "$module" 2>"$dest/error"); then
			found "$name" "$version with $(python3 --version)"
		else
			left_out "$name" "$(python3 --version): $(tail -1 "$dest/error")"
		fi
	done
	rm -f "$dest/error"
}

# install_haproxy unpacks HAProxy with the libraries that Debian has for it alone;
# those that any machine has, such as libssl, are the machine's own.
install_haproxy() {
	rm -rf "$dest/haproxy"
	local tool dir=$dest/haproxy libs version
	for tool in apt-get apt-cache dpkg-deb; do
		if ! has "$tool"; then left_out haproxy "no $tool on this machine"; return; fi
	done
	private_apt "$dest/apt"
	mkdir "$dest/apt/debs"
	apt-get "${apt[@]}" -qq update
	libs=$(with_dependencies '^lib(lua|opentracing|pcre2)' haproxy)
	(cd "$dest/apt/debs" && apt-get "${apt[@]}" -qq download $libs)
	mkdir -p "$dir"
	for deb in "$dest"/apt/debs/*.deb; do dpkg-deb -x "$deb" "$dir/root"; done
	rm -rf "$dest/apt"
	libs=$(dirname "$(find "$dir/root/usr/lib" -name 'liblua5.3.so.0' | head -1)")
	printf '#!/bin/sh\nLD_LIBRARY_PATH="%s" exec "%s" "$@"\n' "$libs" "$dir/root/usr/sbin/haproxy" >"$dir/haproxy"
	chmod +x "$dir/haproxy"
	if version=$("$dir/haproxy" -v 2>"$dest/error"); then
		found haproxy "$(sed -n 's/^HAProxy version \([^ ]*\).*/\1/p' <<<"$version")"
	else
		left_out haproxy "$(tail -1 "$dest/error")"
	fi
	rm -f "$dest/error"
}

module_version() {
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$dest/python/usr/lib/python3/dist-packages python3 - "$1" <<-'EOF'
		import importlib, sys
		name = sys.argv[1]
		for part in {"uvicorn": ["uvicorn.protocols.http.h11_impl", "uvicorn.protocols.websockets.websockets_impl"],
		             "websockets": ["websockets"], "tornado": ["tornado.httpserver", "tornado.websocket"]}[name]:
		    importlib.import_module(part)
		module = importlib.import_module({"websockets": "websockets.version"}.get(name, name))
		print(getattr(module, "__version__", None) or module.version)
	EOF
}

if [ ! -f "$dest/stamp" ] || [ "$(cat "$dest/stamp")" != "$(wanted)" ]; then
	rm -f "$dest"/{stamp,apps,apps.new,said,said.new}
	: >"$dest/apps.new"
	install_node
	install_python
	install_haproxy
	mv "$dest/said.new" "$dest/said"
	mv "$dest/apps.new" "$dest/apps"
	wanted >"$dest/stamp"
fi
cat "$dest/said"
