#!/bin/sh
# Makes the skeleton of a rule: its file, its page, a golden, and its place in
# the list. Run by `make new-rule NAME=says-the-mistake`.
set -eu
name=${1:-}
case $name in
'' | *[!a-z0-9-]* | -* | *- | *--*)
	echo "new-rule: NAME must be words in lower case with dashes, such as missing-upgrade-map" >&2
	exit 2
	;;
esac
cd "$(dirname "$0")/.."
file=rules/$(printf %s "$name" | tr - _).go
page=rules/docs/$name.md
golden=lint/testdata/golden/$name.txtar
for f in "$file" "$page" "$golden"; do
	[ ! -e "$f" ] || { echo "new-rule: $f already exists" >&2; exit 2; }
done
# The Go name: the words with capitals.
ident=$(printf %s "$name" | awk -F- '{ for (i = 1; i <= NF; i++) printf "%s%s", toupper(substr($i, 1, 1)), substr($i, 2) }')
check=$(printf %s "$ident" | awk '{ printf "%s%s", tolower(substr($0, 1, 1)), substr($0, 2) }')

cat >"$file" <<EOF
package rules

// $ident finds TODO.
var $ident = &Rule{
	Name:     "$name",
	Summary:  "TODO: the mistake in one line",
	Group:    Correctness,
	Severity: Warning,
	Location: $check,
}

func $check(p *Pass, l *Location) {
	if l.First("TODO") == nil {
		return
	}
	p.Report(Finding{
		Severity: Warning, Span: l.Request.Pass.Span(),
		Message: "TODO: what is wrong, and what follows from it" + l.belief(),
	}, l)
}
EOF
cat >"$page" <<EOF
# $name

TODO: the mistake in one line

## Why it matters

TODO: what was measured, on which versions.

## Bad

\`\`\`nginx bad handshake=/ws coder=426
server {
    listen 8080;

    location /ws {
        TODO;
        proxy_pass http://127.0.0.1:3000;
        proxy_http_version 1.1;
        proxy_set_header Upgrade \$http_upgrade;
        proxy_set_header Connection "upgrade";
    }
}
\`\`\`

## The fix

None.

## nginx versions

All.

## References

- nginx: TODO
EOF
cat >"$golden" <<EOF
TODO: what this case shows.
-- nginx.conf --
events {}
http {
    server {
        listen 8080;
        location /ws {
            proxy_pass http://127.0.0.1:3000;
        }
    }
}
EOF
go run ./tools/addrule "$ident"
echo "made $file, $page and $golden; next: write the check, then go test ./rules ./lint"
