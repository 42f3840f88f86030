// Command addrule puts a rule into the list in rules/rule.go, in the order of
// names.
package main

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

var list = regexp.MustCompile(`(?s)(var All = \[\]\*Rule\{\n)(.*?)(\n\})`)

func main() {
	if err := add("rules/rule.go", os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "addrule:", err)
		os.Exit(1)
	}
}

func add(name, ident string) error {
	src, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	m := list.FindSubmatch(src)
	if m == nil {
		return fmt.Errorf("%s has no list of rules", name)
	}
	lines := append(strings.Split(string(m[2]), "\n"), "\t"+ident+",")
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	text := strings.Replace(string(src), string(m[0]), string(m[1])+strings.Join(lines, "\n")+string(m[3]), 1)
	return os.WriteFile(name, []byte(text), 0o644)
}
