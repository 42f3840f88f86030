#!/usr/bin/env bash
# Debian's nginx 1.22.1 and 1.26.3 support max_headers, a directive of nginx 1.29.8. A
# security update added it without changing the version number. So a check against
# nginx's own 1.22.1 or 1.26.3 may wrongly refuse a configuration: the version does not
# show which directives an nginx supports.
#
# seen: Debian's nginx 1.22.1, max_headers 5: ok
# seen: Debian's nginx 1.22.1, a request with six header lines: HTTP/1.1 400 Bad Request
# seen: Debian's nginx 1.26.3, max_headers 5: ok
# seen: Debian's nginx 1.26.3, a request with six header lines: HTTP/1.1 400 Bad Request
# shellcheck source=findings/common.sh
. "$(dirname "$0")/common.sh"
for version in bookworm:1.22.1 trixie:1.26.3; do
	nginx_of "${version%:*}" "${version#*:}"
	free_port
	configuration "
	    max_headers 5;
	    server { listen 127.0.0.1:$port; return 204; }"
	expect "Debian's nginx ${version#*:}, max_headers 5" "$(tested)" ok
	start_nginx "$port"
	expect "Debian's nginx ${version#*:}, a request with six header lines" \
		"$(ask "$port" 'GET / HTTP/1.1' 'Host: a' 'A: 1' 'B: 1' 'C: 1' 'D: 1' 'E: 1')" 'HTTP/1.1 400 Bad Request'
done
exit $failed
