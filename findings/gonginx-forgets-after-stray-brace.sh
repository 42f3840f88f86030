#!/usr/bin/env bash
# gonginx v0.0.0-20260220081509-8e17ce617db3: two things are lost between reading and
# writing, without an error. Everything after an extra closing brace is dropped, even a
# whole server. And the servers of an upstream move after its other directives. For
# ip_hash the order matters: nginx 1.26.3 accepts a backup server before ip_hash and
# refuses it after, so the original text is valid and the text that gonginx writes is
# not.
#
# seen: directives of "a; } b;": 1
# seen: nginx -t of the text as it was written: ok
# seen: nginx -t of what gonginx writes of it: balancing method does not support parameter "backup"
# shellcheck source=findings/common.sh
. "$(dirname "$0")/common.sh"
nginx_of trixie 1.26.3
go_program gonginx github.com/tufanbarisyildirim/gonginx@v0.0.0-20260220081509-8e17ce617db3 <<'END'
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/tufanbarisyildirim/gonginx/dumper"
	"github.com/tufanbarisyildirim/gonginx/parser"
)

// usage: program count|write, with a text on standard input
func main() {
	text, _ := io.ReadAll(os.Stdin)
	c, err := parser.NewStringParser(string(text), parser.WithSkipValidDirectivesErr()).Parse()
	if err != nil {
		fmt.Println(err)
	} else if os.Args[1] == "count" {
		fmt.Println(len(c.GetDirectives()))
	} else {
		fmt.Println(dumper.DumpConfig(c, dumper.IndentedStyle))
	}
}
END
program=$work/go-gonginx/program
expect 'directives of "a; } b;"' "$(printf 'a; } b;' | "$program" count)" 1
free_port
configuration "
    upstream app { server 127.0.0.1:$port; server 127.0.0.1:$((port + 1)) backup; ip_hash; }
    server { listen 127.0.0.1:$((port + 2)); location / { proxy_pass http://app; } }"
expect 'nginx -t of the text as it was written' "$(tested)" ok
"$program" write <"$work/nginx.conf" >"$work/written.conf"
mv "$work/written.conf" "$work/nginx.conf"
expect 'nginx -t of what gonginx writes of it' "$(tested)" 'balancing method does not support parameter "backup"'
exit $failed
