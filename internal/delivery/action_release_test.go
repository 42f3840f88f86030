package delivery

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// This curl copies from a directory with releases instead of using the network. It
// uses the last two parts of the address.
const curl = `#!/bin/sh
while [ $# -gt 1 ]; do
	case $1 in --output) out=$2; shift ;; esac
	shift
done
name=${1##*/} rest=${1%/*}
cp "$RELEASES/${rest##*/}/$name" "$out" || exit 22
`

// This gh replaces GitHub's attestations: a file says which checksums it attests, for
// which tag. Only gh gets the token.
const gh = `#!/bin/sh
[ "$1 $2" = "attestation verify" ] && [ "$GH_TOKEN" = a-token-of-a-test ] || exit 1
case " $* " in *" --repo nginx-ws-lint/nginx-ws-lint --deny-self-hosted-runners "*) ;; *) exit 1 ;; esac
sum=$(sha256sum <"$3" | cut -d ' ' -f 1)
while [ $# -gt 1 ]; do
	case $1 in --cert-identity) identity=$2 ;; esac
	shift
done
grep -qxF "$sum $identity" "$RELEASES/attested"
`

// releases creates releases of the program and files that are not releases, a PATH
// with replacements for curl and gh, and another without gh.
func releases(t *testing.T, r *runner) (binary []byte, withGH, without string) {
	t.Helper()
	dir, stubs, bare := t.TempDir(), t.TempDir(), t.TempDir()
	sums := func(text []byte) string {
		return fmt.Sprintf("%x  nginx-ws-lint-linux-arm64\n%x  nginx-ws-lint-linux-amd64\n", sha256.Sum256(nil), sha256.Sum256(text))
	}
	binary = []byte(read(t, program))
	const evil, identity = "#!/bin/sh\ntouch pwned\n", "https://github.com/nginx-ws-lint/nginx-ws-lint/.github/workflows/release.yml@refs/tags/"
	write(t, dir, map[string]string{
		"v1.2.3/nginx-ws-lint-linux-amd64": string(binary), "v1.2.3/SHA256SUMS": sums(binary),
		"v1.2.4/nginx-ws-lint-linux-amd64": string(binary), "v1.2.4/SHA256SUMS": sums(binary), // an old program as a new one
		"v5.5.5/nginx-ws-lint-linux-amd64": evil, "v5.5.5/SHA256SUMS": sums([]byte(evil)), // both replaced
		"v6.6.6/nginx-ws-lint-linux-amd64": evil, "v6.6.6/SHA256SUMS": sums(binary),
		"v7.7.7/nginx-ws-lint-linux-amd64": evil, "v7.7.7/SHA256SUMS": "nothing of it\n",
		"attested": fmt.Sprintf("%x %sv1.2.3\n", sha256.Sum256(binary), identity),
	})
	write(t, stubs, map[string]string{"curl": curl, "gh": gh})
	write(t, bare, map[string]string{"curl": curl})
	for _, name := range []string{filepath.Join(stubs, "curl"), filepath.Join(stubs, "gh"), filepath.Join(bare, "curl")} {
		if err := os.Chmod(name, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	r.set("RELEASES", dir)
	r.set("GH_TOKEN", "a-token-of-a-test")
	usual := string(os.PathListSeparator) + os.Getenv("PATH")
	return binary, stubs + usual, bare + usual
}

// A release is fetched and run only if its checksum is that which the release names,
// and GitHub attests it or the workflow pinned it.
func TestActionRelease(t *testing.T) {
	s := brokenTree(t)
	r := newRunner(t, s.dir)
	r.set("INPUT_PATHS", "nginx")
	binary, withGH, without := releases(t, r)
	pin, other := fmt.Sprintf("%x", sha256.Sum256(binary)), strings.Repeat("0", 64)
	for _, c := range []struct {
		version, ref, arch, sum string
		noGH                    bool
		status                  int
		says                    string
	}{
		{"", "v1.2.3", "X64", "", false, 0, "::warning file=nginx/conf.d/app.conf"},
		{"v1.2.3", "main", "X64", "", false, 0, "::warning file=nginx/conf.d/app.conf"},
		{"v1.2.4", "", "X64", "", false, 2, "nothing attests that the program of v1.2.4"},
		{"v5.5.5", "", "X64", "", false, 2, "nothing attests that the program of v5.5.5"},
		{"v1.2.3", "", "X64", "", true, 2, "this runner has no gh"},
		{"v1.2.3", "", "X64", other + "\r\n" + pin + "\n", true, 0, "::warning file=nginx/conf.d/app.conf"},
		{"v1.2.3", "", "X64", other, false, 2, "has none of the checksums of sha256"},
		{"v5.5.5", "", "X64", pin, false, 2, "has none of the checksums of sha256"},
		{"", "v6.6.6", "X64", "", false, 2, "does not have the checksum that the release names"},
		{"", "v7.7.7", "X64", "", false, 2, "does not have the checksum that the release names"},
		{"v9.9.9", "", "X64", "", false, 2, "v9.9.9 could not be fetched"},
		{"", "v1.2.3", "RISCV", "", false, 2, "no release has a program for Linux on RISCV"},
		{"latest", "", "X64", "", false, 2, "neither a release, such as v0.1.0, nor source"},
	} {
		one, path := *r, withGH
		if c.noGH {
			if _, err := exec.LookPath("gh"); err == nil {
				continue // a real one is on the PATH
			}
			path = without
		}
		one.env = append(slices.Clone(r.env), "INPUT_VERSION="+c.version, "ACTION_REF="+c.ref, "RUNNER_ARCH="+c.arch, "INPUT_SHA256="+c.sum, "PATH="+path)
		if log, status, _, _ := one.step(); status != c.status || !strings.Contains(log, c.says) {
			t.Errorf("%+v: exit %d\n%s", c, status, log)
		}
	}
	wantUntouched(t, s, brokenSite)
}
