package nginxtest

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// StartHAProxy runs HAProxy with a configuration until the test ends, and waits until
// it listens at address. If it is not installed, the test is skipped, or fails with
// CI=true.
func StartHAProxy(t testing.TB, config, address string) {
	t.Helper()
	installed, ok := isInstalled("haproxy")
	if !ok {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no haproxy: %s=%q", AppsEnvironment, installed)
		}
		t.Skipf("haproxy is not installed: `make backends` installs it where apt is there, and %s says where", AppsEnvironment)
	}
	dir := Write(t, map[string]string{"haproxy.cfg": config, "stdout": "", "stderr": ""})
	cmd := exec.Command(filepath.Join(installed, "haproxy", "haproxy"), "-db", "-f", filepath.Join(dir, "haproxy.cfg"))
	exited := runUntilCleanup(t, cmd, filepath.Join(dir, "stdout"), filepath.Join(dir, "stderr"))
	listens := func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
		}
		return err == nil
	}
	if untilReady(exited, 500, 10*time.Millisecond, listens) {
		return
	}
	said, _ := os.ReadFile(filepath.Join(dir, "stderr"))
	t.Fatalf("haproxy does not listen at %s:\n%s", address, said)
}
