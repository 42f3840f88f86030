package replace

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// smallDisk mounts a file system of so many KiB. It skips the test where one
// may not.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := tree(t, nil)
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

func TestFullDisk(t *testing.T) {
	disk := smallDisk(t, "64k")
	dir := tree(t, map[string]string{"a": "a"})
	big := strings.Repeat("x", 16<<10)
	must(t, os.WriteFile(filepath.Join(disk, "b"), []byte(big), 0o644))
	must(t, os.WriteFile(filepath.Join(disk, "c"), []byte(big), 0o644))
	err := writeAll([]FileWrite{write(dir, "a", "a", "A"), write(disk, "b", big, big+"B"), write(disk, "c", big, big+"C")})
	wantError(t, err, filepath.Join(disk, "c")+": no space left on device; nothing was written")
	wantTree(t, dir, map[string]string{"a": "a"})
	wantTree(t, disk, map[string]string{"b": big, "c": big})
}

// If the disk is full at any write, all files are replaced or none, and nothing else
// is left.
func TestDiskOfEachSize(t *testing.T) {
	text := strings.Repeat("x", 10<<10)
	written := 0
	for pages := 6; pages < 24; pages++ {
		disk := smallDisk(t, fmt.Sprintf("%dk", 4*pages))
		must(t, os.WriteFile(filepath.Join(disk, "b"), []byte(text), 0o644))
		if err := os.WriteFile(filepath.Join(disk, "c"), []byte(text), 0o644); err != nil {
			continue // not even room for what is there
		}
		want := map[string]string{"b": text, "c": text}
		err := writeAll([]FileWrite{write(disk, "b", text, text+"B"), write(disk, "c", text, text+"C")})
		if err == nil {
			want = map[string]string{"b": text + "B", "c": text + "C"}
			written++
		} else {
			wantError(t, err, "no space left on device; nothing was written")
		}
		wantTree(t, disk, want)
	}
	if written == 0 || written > 15 {
		t.Errorf("written on %d of the disks", written)
	}
}

// Where not even a journal can be written.
func TestQuiteFullDisk(t *testing.T) {
	disk := smallDisk(t, "8k")
	must(t, os.WriteFile(filepath.Join(disk, "b"), []byte("b"), 0o644))
	must(t, os.WriteFile(filepath.Join(disk, "full"), make([]byte, 4096), 0o644))
	err := writeAll([]FileWrite{write(disk, "b", "b", "B")})
	wantError(t, err, filepath.Join(disk, "b")+": ", "no space left on device; nothing was written")
	wantTree(t, disk, map[string]string{"b": "b", "full": string(make([]byte, 4096))})
}

// A tree of several file systems, by mounts.
func TestSeveralFileSystems(t *testing.T) {
	disk := smallDisk(t, "1m")
	dir := tree(t, map[string]string{"a": "a"})
	must(t, os.WriteFile(filepath.Join(disk, "b"), []byte("b"), 0o644))
	tx, err := Begin([]FileWrite{write(dir, "a", "a", "A"), write(disk, "b", "b", "B")})
	must(t, err)
	must(t, tx.Replace())
	must(t, tx.Undo())
	wantTree(t, dir, map[string]string{"a": "a"})
	wantTree(t, disk, map[string]string{"b": "b"})
	must(t, writeAll([]FileWrite{write(dir, "a", "a", "A"), write(disk, "b", "b", "B")}))
	wantTree(t, dir, map[string]string{"a": "A"})
	wantTree(t, disk, map[string]string{"b": "B"})
}

// A directory or file system that cannot be written.
func TestReadOnlyFileSystem(t *testing.T) {
	disk := smallDisk(t, "1m")
	dir := tree(t, map[string]string{"a": "a"})
	must(t, os.WriteFile(filepath.Join(disk, "b"), []byte("b"), 0o644))
	must(t, syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	err := writeAll([]FileWrite{write(dir, "a", "a", "A"), write(disk, "b", "b", "B")})
	wantError(t, err, filepath.Join(disk, "b")+": cannot create a file next to it: read-only file system; nothing was written")
	wantTree(t, dir, map[string]string{"a": "a"})
	wantTree(t, disk, map[string]string{"b": "b"})
}
