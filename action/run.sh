#!/usr/bin/env bash
# The first step of action.yml: gets nginx-ws-lint, runs it, and writes its findings
# as annotations, files, outputs and to the job summary. The command's exit status
# becomes the output exit-code, not the status of this script, so that a later step
# can still upload the findings.
#
# Every input is passed in the environment: INPUT_PATHS, INPUT_ARGS, INPUT_FAIL_ON,
# INPUT_ONLY_NEW, INPUT_WORKING_DIRECTORY, INPUT_VERSION, INPUT_SHA256, ACTION_REF,
# BASE, GH_TOKEN. The script uses only features of bash 3.2, the version on macOS.
set -euo pipefail
releases=https://github.com/nginx-ws-lint/nginx-ws-lint/releases/download
server=${GITHUB_SERVER_URL:-https://github.com}
# Only gh gets the token: neither the build nor the program needs it.
token=${GH_TOKEN:-}
unset GH_TOKEN

# annotate prints an error as an annotation. A message is a single line, in which the
# runner uses percent signs as escapes.
annotate() {
	local message=${1//'%'/%25}
	message=${message//$'\r'/%0D}
	printf '::error title=nginx-ws-lint::%s\n' "${message//$'\n'/%0A}"
}

# trouble reports why nothing can be checked, and exits.
trouble() {
	annotate "$1"
	exit 2
}

# failed reports the program's error messages as an annotation and in the summary,
# where indented text is shown as it is.
failed() {
	local message line
	message=$(sed -n 's/^nginx-ws-lint: //p' "$work/stderr")
	annotate "${message:-exit status 2}"
	{
		printf '### nginx-ws-lint: not everything could be checked\n\n'
		while IFS= read -r line; do printf '    %s\n' "$line"; done <"$work/stderr"
		echo
	} >>"$GITHUB_STEP_SUMMARY"
}

# lines TEXT: sets the array found to the non-empty lines of a text.
lines() {
	local line
	found=()
	while IFS= read -r line || [ -n "$line" ]; do
		line=${line%$'\r'}
		[ -z "$line" ] || found+=("$line")
	done <<<"$1"
}

# output NAME VALUE: sets an output for later steps; a value is a single line.
output() { printf '%s=%s\n' "$1" "${2//[$'\r\n']/ }" >>"$GITHUB_OUTPUT"; }

# asset prints the file name of a release's program for this runner.
asset() {
	local os arch ending=
	case ${RUNNER_OS:-} in
	Linux) os=linux ;;
	macOS) os=darwin ;;
	Windows) os=windows ending=.exe ;;
	*) return 1 ;;
	esac
	case ${RUNNER_ARCH:-} in
	X64) arch=amd64 ;;
	ARM64) arch=arm64 ;;
	*) return 1 ;;
	esac
	printf 'nginx-ws-lint-%s-%s%s\n' "$os" "$arch" "$ending"
}

sha256() {
	if command -v sha256sum >/dev/null; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -d ' ' -f 1
}

# genuine VERSION FILE: checks that the program has a checksum that the workflow pins,
# or that GitHub attests that this project's release workflow built it for that tag.
# SHA256SUMS is no proof: it is published next to the program, and whoever can replace
# one can replace both.
genuine() {
	local sum repository=nginx-ws-lint/nginx-ws-lint
	if [ -n "${INPUT_SHA256:-}" ]; then
		lines "$INPUT_SHA256"
		for sum in "${found[@]}"; do
			[ "$(sha256 "$2")" != "$sum" ] || return 0
		done
		trouble "the program of $1 has none of the checksums of sha256, so it is not run"
	fi
	command -v gh >/dev/null ||
		trouble "cannot verify who built $1, because this runner has no gh: set sha256 to the program's checksum, or version to source"
	GH_TOKEN=$token gh attestation verify "$2" --repo "$repository" --deny-self-hosted-runners \
		--cert-identity "https://github.com/$repository/.github/workflows/release.yml@refs/tags/$1" >/dev/null ||
		trouble "nothing attests that the program of $1 was built by the project's release workflow, so it is not run (to pin a program instead, set sha256)"
}

# fetch VERSION: downloads the program of a release and verifies it.
fetch() {
	local name url wanted
	name=$(asset) || trouble "no release has a program for ${RUNNER_OS:-?} on ${RUNNER_ARCH:-?}; set version to source"
	url=$releases/$1
	for file in "$name" SHA256SUMS; do
		curl --fail --silent --show-error --location --proto '=https' --retry 3 --output "$work/$file" "$url/$file" ||
			trouble "$file of release $1 could not be fetched from $url"
	done
	wanted=$(awk -v name="$name" '$2 == name { print $1 }' "$work/SHA256SUMS")
	if [ -z "$wanted" ] || [ "$(sha256 "$work/$name")" != "$wanted" ]; then
		trouble "$name of $1 does not have the checksum that the release names, so it is not run"
	fi
	genuine "$1" "$work/$name"
	chmod +x "$work/$name"
	program=$work/$name
}

# build builds the action's own source.
build() {
	command -v go >/dev/null || trouble 'cannot build nginx-ws-lint, because this runner has no Go: set version to a release, or set up Go first'
	program=$work/nginx-ws-lint
	[ "${RUNNER_OS:-}" != Windows ] || program+=.exe
	(cd "$GITHUB_ACTION_PATH" && CGO_ENABLED=0 go build -trimpath -tags urfave_cli_no_docs -ldflags "-X main.version=$1" -o "$program" ./cmd/nginx-ws-lint) ||
		trouble 'nginx-ws-lint could not be built'
}

# obtain gets the program: of the version in the input, otherwise of the tag that the
# action is used by, otherwise from the action's own source.
obtain() {
	local tag='^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$' version=${INPUT_VERSION:-} ref=${ACTION_REF:-}
	if [ -z "$version" ]; then
		version=source
		[[ ! $ref =~ $tag ]] || version=$ref
	fi
	[[ $ref =~ ^[0-9A-Za-z._/-]+$ ]] || ref=devel
	if [[ $version =~ $tag ]]; then
		fetch "$version"
	elif [ "$version" = source ]; then
		build "$ref"
	else
		trouble "version: $version is neither a release, such as v0.1.0, nor source"
	fi
	version=$("$program" version)
	output version "${version#nginx-ws-lint }"
}

# at_root runs git for the repository in the workspace's root, whatever directory the
# step runs in: the checkout created that .git, while working-directory and paths lead
# into folders that a pull request may have created. The repository is given
# explicitly, and git searches for none. Nothing that the repository's settings name
# is run: no hooks, no fsmonitor, no ssh, no credential helpers, no housekeeping. The
# only transport is the server's. Settings of the user and the system stay readable,
# for the proxy of a self-hosted runner. So does the header with the token that
# actions/checkout left: without it a private repository cannot be read.
at_root() (
	for name in "${!GIT_@}"; do
		case $name in GIT_EXEC_PATH | GIT_SSL_* | GIT_HTTP_*) ;; *) unset "$name" ;; esac
	done
	unset SSH_ASKPASS
	export GIT_NO_LAZY_FETCH=1 GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0 GIT_ATTR_NOSYSTEM=1 GIT_ALLOW_PROTOCOL="${server%%:*}"
	exec git --no-pager --git-dir="$GITHUB_WORKSPACE/.git" --work-tree="$GITHUB_WORKSPACE" \
		-c safe.bareRepository=explicit -c core.hooksPath=/dev/null -c core.fsmonitor=false -c core.alternateRefsCommand=false \
		-c core.sshCommand=false -c core.gitProxy= -c core.askPass= -c credential.helper= -c core.attributesFile=/dev/null \
		-c diff.external= -c gpg.program=false -c gc.auto=0 -c maintenance.auto=false -c fetch.recurseSubmodules=false "$@"
)

# since adds the flag that reports only findings that are new since the base. If the
# workspace's root is no repository, as with "path" of actions/checkout, nothing is
# fetched, and the command reports a missing base.
since() {
	case ${INPUT_ONLY_NEW:-false} in
	false) return 0 ;;
	true) ;;
	*) trouble "only-new: $INPUT_ONLY_NEW is neither true nor false" ;;
	esac
	local base=${BASE:-}
	if [[ ! $base =~ ^[0-9a-f]{40,64}$ ]] || [[ $base =~ ^0+$ ]]; then
		echo 'only-new: this event has no base to compare with, so all findings are reported'
		return 0
	fi
	if [ -e "$GITHUB_WORKSPACE/.git" ] && ! at_root cat-file -e "$base^{commit}" 2>/dev/null; then
		[[ $server =~ ^https?://[0-9A-Za-z.:-]+$ && ${GITHUB_REPOSITORY:-} =~ ^[0-9A-Za-z._-]+/[0-9A-Za-z._-]+$ ]] &&
			at_root fetch --quiet --no-tags --depth=1 --no-recurse-submodules "$server/$GITHUB_REPOSITORY" "$base" ||
			trouble "only-new: the base $base is missing from the clone; check out with fetch-depth: 0"
	fi
	flags+=(--new-from-rev "$base")
}

# count NAME: prints a number from the summary of the JSON. No text of a configuration
# can be alone on a line there.
count() { sed -n "s/^ *\"$1\": \([0-9][0-9]*\),\{0,1\}\$/\1/p" "$work/findings.json" | tail -1; }

lint() {
	local code=0
	"$program" "${flags[@]}" --format github --format json --output "$work/findings.json" --format sarif --output "$work/findings.sarif" \
		--format markdown --output "$work/findings.md" -- "${paths[@]}" 2>"$work/stderr" || code=$?
	cat "$work/stderr" >&2
	[ "$code" -le 1 ] || failed
	output exit-code "$code"
	[ -s "$work/findings.json" ] || return 0 # the program has printed the reason
	for name in errors warnings infos fixable; do output "$name" "$(count "$name")"; done
	output json-file "$work/findings.json"
	output sarif-file "$work/findings.sarif"
	cat "$work/findings.md" >>"$GITHUB_STEP_SUMMARY"
	[ "$(count fixable)" -gt 0 ] || return 0
	"$program" "${flags[@]}" --quiet --diff --output "$work/fixes.patch" -- "${paths[@]}" || code=$?
	[ ! -s "$work/fixes.patch" ] || output patch-file "$work/fixes.patch"
}

work=$(mktemp -d "${RUNNER_TEMP:?}/nginx-ws-lint.XXXXXX")
obtain
cd -- "${INPUT_WORKING_DIRECTORY:-.}" || trouble "working-directory: cannot change to ${INPUT_WORKING_DIRECTORY}"
flags=("--fail-on=${INPUT_FAIL_ON:-warning}")
lines "${INPUT_ARGS:-}"
[ ${#found[@]} = 0 ] || flags+=("${found[@]}")
since
lines "${INPUT_PATHS:-.}"
[ ${#found[@]} != 0 ] || trouble 'paths: is empty'
paths=()
for path in "${found[@]}"; do
	# A path is never a flag or standard input.
	[[ $path != -* ]] || path=./$path
	paths+=("$path")
done
lint
