package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/benchsites"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

var benchmarkSizes = []int{1000, 10_000, 50_000}

func benchmark(b *testing.B, run func(fsys fs.FS) error) {
	for _, n := range benchmarkSizes {
		b.Run(fmt.Sprintf("sites=%d", n), func(b *testing.B) {
			dir := b.TempDir()
			bytes, err := benchsites.Write(dir, n)
			if err != nil {
				b.Fatal(err)
			}
			fsys := os.DirFS(dir)
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
