# Sourced by the findings: a temporary folder, Debian's nginx in it, Go programs with
# pinned modules, and a comparison with the expected output. It is not a finding itself.
# shellcheck shell=bash disable=SC2034 # the scripts that source it use the variables
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
started=()

# At the end of a finding its processes are stopped and its folder is removed.
finish() {
	local pid
	for pid in ${started[@]+"${started[@]}"}; do kill "$pid" 2>/dev/null || true; done
	for pid in ${started[@]+"${started[@]}"}; do wait "$pid" 2>/dev/null || true; done
	chmod -R u+w "$work" && rm -rf "$work"
}
trap finish EXIT

# expect WHAT SEEN WANTED: prints what was seen, and fails if it is not as wanted.
failed=0
expect() {
	if [ "$2" = "$3" ]; then
		printf 'seen: %s: %s\n' "$1" "$2"
	else
		printf 'CHANGED: %s: %s (it was: %s)\n' "$1" "$2" "$3"
		failed=1
	fi
}

# nginx_of SUITE VERSION: sets nginx to Debian's nginx of that suite, and fails if
# Debian now has another version. FINDINGS_NGINX names a directory to install into and
# keep, to run several findings.
nginx_of() {
	local dir=${FINDINGS_NGINX:-$work/nginx}
	[ -x "$dir/bin/nginx-$2" ] || bash "$here/../tools/install-nginx.sh" "$dir" "$1" >&2
	nginx=$dir/bin/nginx-$2
	[ -x "$nginx" ] || { echo "Debian's $1 no longer has nginx $2" >&2; exit 1; }
}

# configuration HTTP: writes the file that nginx reads, with this text in its http block.
configuration() {
	local user=
	if [ "$(id -u)" = 0 ]; then user='user root;'; fi # only this user may read the folder
	mkdir -p "$work/tmp"
	cat >"$work/nginx.conf" <<-END
		$user
		daemon off;
		pid $work/nginx.pid;
		error_log $work/error.log info;
		events {}
		http {
		    access_log off;
		    client_body_temp_path $work/tmp/body;
		    proxy_temp_path $work/tmp/proxy;
		    fastcgi_temp_path $work/tmp/fastcgi;
		    uwsgi_temp_path $work/tmp/uwsgi;
		    scgi_temp_path $work/tmp/scgi;
		$1
		}
	END
}

# tested: prints the result of nginx -t, without dates and places.
tested() {
	"$nginx" -t -c "$work/nginx.conf" 2>&1 | sed -n "s,.*\[emerg\] [0-9#]*: ,,;s, in $work/.*,,;s,.*test is successful,ok,;/syntax is ok/d;/test failed/d;p"
}

# start_nginx PORT: runs nginx, and returns when it accepts connections at PORT.
start_nginx() {
	"$nginx" -c "$work/nginx.conf" 2>"$work/stderr" &
	started+=($!)
	listening "$1"
}

# start COMMAND...: runs the command in the background.
start() {
	"$@" >>"$work/started.log" 2>&1 &
	started+=($!)
}

# listening PORT: waits until something accepts connections there.
listening() {
	local i
	for ((i = 0; i < 100; i++)); do
		if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return; fi
		sleep 0.1
	done
	echo "nothing listens at port $1" >&2
	cat "$work/stderr" "$work/started.log" 2>/dev/null >&2 || true
	exit 1
}

# free_port: sets port to an unused one.
free_port() {
	for ((port = 20000 + RANDOM % 10000; ; port++)); do
		if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then return; fi
	done
}

# ask PORT LINE...: sends a request with these lines, and prints the answer's first line.
ask() {
	local to=$1 answer
	shift
	exec 3<>"/dev/tcp/127.0.0.1/$to"
	printf '%s\r\n' "$@" '' >&3
	read -r -t 10 answer <&3 || answer='no answer'
	exec 3>&-
	printf '%s\n' "${answer%$'\r'}"
}

# handshake: the lines of a WebSocket handshake except Connection.
handshake=('GET /ws HTTP/1.1' 'Host: example.test' 'Upgrade: websocket' 'Sec-WebSocket-Version: 13' 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==')

# go_program NAME MODULE@VERSION...: builds a program from standard input.
go_program() {
	local dir=$work/go-$1
	mkdir -p "$dir"
	cat >"$dir/main.go"
	(
		cd "$dir"
		printf 'module finding\n\ngo 1.25.0\n' >go.mod
		shift
		export GOFLAGS=-mod=mod
		for module in "$@"; do go get "$module"; done
		go build -o program .
	) >"$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 1; }
}

# debian FOLDER PACKAGE=VERSION...: unpacks packages of the machine's Debian suite.
debian() {
	local to=$1
	shift
	mkdir -p "$work/debs" "$to"
	(cd "$work/debs" && apt-get -qq -o APT::Sandbox::User=root download "$@" >&2) || exit 1
	for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$to"; done
	rm -rf "$work/debs"
}
