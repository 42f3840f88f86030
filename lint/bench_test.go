package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// siteTree writes a tree of n sites with snippets, as servers have it.
func siteTree(b testing.TB, n int) (fsys fs.FS, bytes int64) {
	dir := b.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "sites-enabled"), 0o755), os.Mkdir(filepath.Join(dir, "snippets"), 0o755)); err != nil {
		b.Fatal(err)
	}
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
		bytes += int64(len(text))
	}
	put("nginx.conf", "events {}\nhttp {\n    map $http_upgrade $connection_upgrade {\n        default upgrade;\n        '' close;\n    }\n    include sites-enabled/*.conf;\n}\n")
	put("snippets/proxy.conf", "proxy_http_version 1.1;\nproxy_set_header Host $host;\nproxy_set_header X-Real-IP $remote_addr;\n")
	for i := range n {
		ws := "        proxy_http_version 1.1;\n        proxy_set_header Upgrade $http_upgrade;\n        proxy_set_header Connection $connection_upgrade;\n        proxy_read_timeout 1h;\n"
		if i%10 == 0 {
			ws = "        include snippets/proxy.conf;\n" // broken
		}
		put(fmt.Sprintf("sites-enabled/site%05d.conf", i), fmt.Sprintf(`upstream app%[1]d {
    server 127.0.0.1:%[2]d max_fails=3 fail_timeout=30s;
    keepalive 16;
}

server {
    listen 8443;
    server_name app%[1]d.example.com;
    client_max_body_size 32m;

    # static files
    location ~* \.(?:css|js|png|svg)$ {
        expires 30d;
        try_files $uri =404;
    }

    location / {
        proxy_pass http://app%[1]d;
        include snippets/proxy.conf;
    }

    location /ws/ {
        proxy_pass http://app%[1]d;
%[3]s    }
}
`, i, 3000+i%20000, ws))
	}
	return os.DirFS(dir), bytes
}

var benchmarkSizes = []int{100, 1000, 10000}

func benchmark(b *testing.B, run func(fsys fs.FS) error) {
	for _, n := range benchmarkSizes {
		fsys, bytes := siteTree(b, n)
		b.Run(fmt.Sprintf("sites=%d", n), func(b *testing.B) {
			b.SetBytes(bytes)
			b.ReportAllocs()
			for b.Loop() {
				if err := run(fsys); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	benchmark(b, func(fsys fs.FS) error {
		return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			src, err := fs.ReadFile(fsys, name)
			if file := parser.Parse(name, src); len(file.Errs) > 0 {
				return file.Errs[0]
			}
			return err
		})
	})
}

func BenchmarkLoad(b *testing.B) {
	benchmark(b, func(fsys fs.FS) error {
		_, err := parser.Load(fsys, "nginx.conf", parser.Options{})
		return err
	})
}

func BenchmarkCheck(b *testing.B) {
	benchmark(b, func(fsys fs.FS) error {
		_, err := Run(Options{FS: fsys, Paths: []string{"nginx.conf"}})
		return err
	})
}

func BenchmarkFix(b *testing.B) {
	benchmark(b, func(fsys fs.FS) error {
		res, err := Run(Options{FS: fsys, Paths: []string{"nginx.conf"}, Fix: true})
		if err == nil && len(res.Patches) == 0 {
			err = errors.New("nothing was patched")
		}
		return err
	})
}
