package parser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// corpusRows calls f for each row of the corpus's index. The corpus is other
// people's work and no part of this project: without it the test is skipped.
func corpusRows(t *testing.T, f func(file string, src []byte, row []string)) {
	root := "../../shared/corpus"
	index, err := os.ReadFile(filepath.Join(root, "INDEX.tsv"))
	if err != nil {
		t.Skip("no corpus beside the project: skipped")
	}
	for _, line := range strings.Split(strings.TrimSpace(string(index)), "\n")[1:] {
		row := strings.Split(line, "\t")
		src, err := os.ReadFile(filepath.Join(root, row[0]))
		if err != nil {
			t.Fatal(err)
		}
		f(row[0], src, row)
	}
}

func TestCorpusReadsAsNginx(t *testing.T) {
	files := 0
	corpusRows(t, func(file string, src []byte, row []string) {
		f := ParseText(file, src)
		checkPartition(t, f)
		if strings.Contains(string(src), "_by_lua_block") {
			return // OpenResty reads those, stock nginx stumbles
		}
		files++
		checkAgainstReference(t, file, src)
		if nginxReads := row[7] == "ok"; nginxReads != (len(f.Errs) == 0) {
			t.Errorf("%s: nginx's verdict is %s, ours %v", file, row[7], f.Errs)
		}
	})
	t.Logf("%d files read as nginx reads them", files)
}
