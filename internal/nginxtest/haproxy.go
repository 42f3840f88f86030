package nginxtest

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// StartHAProxy runs HAProxy with a configuration until the test ends, and waits
// until it listens at address. Where it is not installed the test is skipped, but
// with CI=true it fails.
func StartHAProxy(t testing.TB, config, address string) {
	t.Helper()
	installed := os.Getenv(AppsEnvironment)
	if list, _ := os.ReadFile(filepath.Join(installed, "apps")); installed == "" || !slices.Contains(strings.Fields(string(list)), "haproxy") {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no haproxy: %s=%q", AppsEnvironment, installed)
		}
		t.Skipf("haproxy is not installed: `make backends` installs it where apt is there, and %s says where", AppsEnvironment)
	}
	dir := Write(t, map[string]string{"haproxy.cfg": config, "stdout": "", "stderr": ""})
	cmd := exec.Command(filepath.Join(installed, "haproxy", "haproxy"), "-db", "-f", filepath.Join(dir, "haproxy.cfg"))
	exited := runUntilCleanup(t, cmd, filepath.Join(dir, "stdout"), filepath.Join(dir, "stderr"))
	for range 500 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return
		}
		select {
		case <-exited:
		case <-time.After(10 * time.Millisecond):
			continue
		}
		break
	}
	said, _ := os.ReadFile(filepath.Join(dir, "stderr"))
	t.Fatalf("haproxy does not listen at %s:\n%s", address, said)
}
