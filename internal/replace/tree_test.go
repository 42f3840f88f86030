package replace

import (
	"path/filepath"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// tree makes files in a new directory and returns its real path.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(nginxtest.Write(t, files))
	must(t, err)
	return dir
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
