#!/usr/bin/env bash
# nginx 1.22.1 and 1.26.3: a comment of 4,096 bytes, including "#", is a syntax error.
# The reader's buffer has 4,096 bytes, and a comment counts as a token that fills it.
# The message calls the comment a parameter. One byte less is accepted.
#
# seen: nginx 1.22.1, a comment of 4095 bytes: ok
# seen: nginx 1.22.1, a comment of 4096 bytes: too long parameter "#xxxxxxxxx..." started
# seen: nginx 1.26.3, a comment of 4095 bytes: ok
# seen: nginx 1.26.3, a comment of 4096 bytes: too long parameter "#xxxxxxxxx..." started
# shellcheck source=findings/common.sh
. "$(dirname "$0")/common.sh"
free_port
for version in bookworm:1.22.1 trixie:1.26.3; do
	nginx_of "${version%:*}" "${version#*:}"
	for length in 4095 4096; do
		comment="#$(head -c $((length - 1)) /dev/zero | tr '\0' x)"
		configuration "$comment
		    server { listen 127.0.0.1:$port; }"
		wanted=ok
		if [ "$length" = 4096 ]; then wanted='too long parameter "#xxxxxxxxx..." started'; fi
		expect "nginx ${version#*:}, a comment of $length bytes" "$(tested)" "$wanted"
	done
done
exit $failed
