#!/usr/bin/env bash
# Puts commands that tests run below DEST, without touching the system: what the
# machine has not got itself is unpacked from Debian's packages of its own suite,
# with those of their dependencies that are not installed either.
#
#   usage: install-commands.sh DEST
#   makes: DEST/bin/COMMAND for each that could be had
#
# What can be had nowhere is named. A second run does nothing, unless this script
# or what the machine has changed.
set -eEuo pipefail
trap 'echo "install-commands.sh: failed at line $LINENO: $BASH_COMMAND" >&2' ERR
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tools/private-apt.sh
. "$here/private-apt.sh"
dest=${1:?usage: $0 DEST}
commands=(pre-commit shellcheck zsh fish mandoc rpm ruby) # also the names of their packages
libraries=(ruby-liquid ruby-mustache puppet-agent)            # packages that a fetched ruby gets
status=/var/lib/dpkg/status
mkdir -p "$dest"
dest=$(cd "$dest" && pwd)

has() { command -v "$1" >/dev/null; }

# wanted says what an install depends on, to tell whether it is still good.
wanted() {
	cat "$here/install-commands.sh" "$here/private-apt.sh" | cksum
	for command in "${commands[@]}" apt-get dpkg-deb; do command -v "$command" || echo "no $command"; done
}

# unpack PACKAGE...: with the dependencies that the machine has not got.
unpack() {
	private_apt "$dest/apt"
	apt+=(-o "Dir::State::status=$status")
	apt-get "${apt[@]}" -qq update
	apt-get "${apt[@]}" -qq -y --no-install-recommends --download-only install "$@" >/dev/null
	for deb in "$dest"/apt/cache/archives/*.deb; do dpkg-deb -x "$deb" "$dest/root"; done
	rm -rf "$dest/apt"
}

# wrap COMMAND: a script that runs it with the libraries and the Python modules
# that were unpacked with it.
wrap() {
	local program=$dest/root/usr/bin/$1 run libraries modules
	[ -e "$program" ] || program=$dest/root/bin/$1
	libraries=$(find "$dest/root" -maxdepth 3 -type d -path '*/lib/*-linux-gnu*' -printf ':%p')
	run="exec \"$program\""
	if head -c 64 "$program" | grep -aq '^#!.*python'; then
		# Debian's modules want Debian's Python, not one that stands before it in PATH.
		run="PYTHONPATH=\"$dest/root/usr/lib/python3/dist-packages\" exec /usr/bin/python3 \"$program\""
	fi
	if [ "$1" = ruby ]; then
		modules=$(printf ':%s' "$dest"/root/usr/lib/{,*-linux-gnu*/}ruby/{vendor_ruby,[0-9]*,vendor_ruby/[0-9]*})
		run="GEM_PATH=\"$dest/root/usr/share/rubygems-integration/all\" RUBYLIB=\"${modules#:}\" $run"
	fi
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nexport LD_LIBRARY_PATH="%s"\n%s "$@"\n' "${libraries#:}" "$run" >"$dest/bin/$1"
	chmod +x "$dest/bin/$1"
}

install() {
	rm -rf "${dest:?}"/{stamp,said,bin,root,apt}
	mkdir -p "$dest/bin" "$dest/root"
	local missing=()
	for command in "${commands[@]}"; do
		if has "$command"; then
			ln -s "$(command -v "$command")" "$dest/bin/$command"
			echo "$command: the machine's own" >>"$dest/said"
		elif has apt-get && has dpkg-deb && [ -r "$status" ]; then
			missing+=("$command")
		else
			echo "left out: $command (neither it nor apt on this machine)" >>"$dest/said"
		fi
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	case " ${missing[*]} " in *" ruby "*) unpack "${missing[@]}" "${libraries[@]}" ;; *) unpack "${missing[@]}" ;; esac
	for command in "${missing[@]}"; do
		wrap "$command"
		echo "$command: Debian's package" >>"$dest/said"
	done
}

if [ ! -f "$dest/stamp" ] || [ "$(cat "$dest/stamp")" != "$(wanted)" ]; then
	install
	wanted >"$dest/stamp"
fi
cat "$dest/said"
