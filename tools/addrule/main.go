// Command addrule adds a rule to the list in rules/rule.go, sorted by name.
package main

import (
	"fmt"
	"os"
	"path/filepath"
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
	names, err := ruleNames(filepath.Dir(name))
	if err != nil {
		return err
	}
	slices.SortFunc(lines, func(a, b string) int {
		return strings.Compare(names[strings.Trim(a, "\t,")], names[strings.Trim(b, "\t,")])
	})
	text := strings.Replace(string(src), string(m[0]), string(m[1])+strings.Join(lines, "\n")+string(m[3]), 1)
	return os.WriteFile(name, []byte(text), 0o644)
}

var rule = regexp.MustCompile(`var (\w+) = &Rule\{\s+Name:\s+"([^"]+)"`)

// ruleNames returns the names of the rules in a directory, by the variables that
// contain them.
func ruleNames(dir string) (map[string]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	names := make(map[string]string)
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, m := range rule.FindAllSubmatch(src, -1) {
			names[string(m[1])] = string(m[2])
		}
	}
	return names, nil
}
