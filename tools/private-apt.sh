# shellcheck shell=bash disable=SC2034
# Sourced by the scripts that unpack Debian's packages without touching the system.

# private_apt DIR: sets apt to options that keep everything that apt writes below
# DIR, which it empties, with the machine's own sources; an empty package database
# makes nothing count as installed.
private_apt() {
	local dir=$1
	rm -rf "$dir"
	mkdir -p "$dir"/{lists/partial,cache/archives/partial}
	: >"$dir/status"
	apt=(-o "Dir::State=$dir" -o "Dir::State::lists=$dir/lists" -o "Dir::State::status=$dir/status" -o "Dir::Cache=$dir/cache"
		-o "APT::Sandbox::User=$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=3
		-o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
		-o Acquire::IndexTargets::deb::DEP-11-icons-small::DefaultEnabled=false
		-o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false
		-o APT::Update::Post-Invoke-Success::= -o APT::Update::Post-Invoke::=)
}
