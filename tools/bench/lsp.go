package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/benchsites"
)

// An editor drives a language server over pipes, as a program would.
type editor struct {
	in  io.Writer
	out *bufio.Reader
	id  int
}

// lsp measures how long the language server takes for a change and for requests, and
// how much memory it needs.
func lsp(args []string) error {
	flags := flag.NewFlagSet("lsp", flag.ContinueOnError)
	sites, changes := flags.Int("sites", 1000, "number of sites"), flags.Int("changes", 200, "number of changes")
	if err := flags.Parse(args); err != nil || flags.NArg() != 1 {
		return fmt.Errorf("usage: bench lsp [-sites N] [-changes N] PROGRAM")
	}
	dir, err := os.MkdirTemp("", "nginx-ws-lint-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if _, err := benchsites.Write(dir, *sites); err != nil {
		return err
	}
	check := exec.Command(flags.Arg(0), "--quiet", "--no-config", dir)
	begun := time.Now()
	check.Run() // it has findings
	fmt.Printf("%d sites: one check takes %v and %d MB\n", *sites, time.Since(begun).Round(time.Millisecond), peak(check.ProcessState)>>20)
	server := exec.Command(flags.Arg(0), "lsp")
	server.Stderr = os.Stderr
	in, err := server.StdinPipe()
	if err != nil {
		return err
	}
	out, err := server.StdoutPipe()
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return err
	}
	e := &editor{in: in, out: bufio.NewReader(out)}
	err = e.session(dir, *sites, *changes)
	in.Close()
	server.Wait()
	fmt.Printf("peak memory of the server: %d MB\n", peak(server.ProcessState)>>20)
	return err
}

// session opens a document, changes it and asks about it.
func (e *editor) session(dir string, sites, changes int) error {
	path := filepath.Join(dir, "sites-enabled", fmt.Sprintf("site%06d.conf", sites/20*10)) // a broken one
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	uri := "file://" + path
	capabilities := `{"capabilities":{"workspace":{"workspaceEdit":{"documentChanges":true}},"textDocument":{"codeAction":{"dataSupport":true,"resolveSupport":{"properties":["edit"]}}}},"rootUri":"file://` + dir + `"}`
	if _, err := e.request("initialize", json.RawMessage(capabilities)); err != nil {
		return err
	}
	e.send("initialized", 0, map[string]any{})
	document := map[string]any{"uri": uri, "languageId": "nginx", "version": 1, "text": string(text)}
	e.send("textDocument/didOpen", 0, map[string]any{"textDocument": document})
	if err := e.diagnostics(uri, 1); err != nil {
		return err
	}
	var keys, hovers, actions, edits []time.Duration
	for version := 2; version < changes+2; version++ {
		at := map[string]int{"line": 0, "character": 0}
		begun := time.Now()
		e.send("textDocument/didChange", 0, map[string]any{
			"textDocument":   map[string]any{"uri": uri, "version": version},
			"contentChanges": []any{map[string]any{"range": map[string]any{"start": at, "end": at}, "text": "#"}},
		})
		if err := e.diagnostics(uri, version); err != nil {
			return err
		}
		keys = append(keys, time.Since(begun))
		took, _, err := e.timed("textDocument/hover", place(uri, text, "proxy_pass"))
		if err != nil {
			return err
		}
		hovers = append(hovers, took)
		took, result, err := e.timed("textDocument/codeAction", place(uri, text, "proxy_pass"))
		if err != nil {
			return err
		}
		actions = append(actions, took)
		var list []json.RawMessage
		if json.Unmarshal(result, &list); version%10 == 0 && len(list) > 0 {
			if took, _, err = e.timed("codeAction/resolve", list[0]); err != nil {
				return err
			}
			edits = append(edits, took)
		}
	}
	show("diagnostics after a change", keys)
	show("hover", hovers)
	show("code actions", actions)
	show("the edit of a chosen action", edits)
	return nil
}

// place is a range around a word of a text.
func place(uri string, text []byte, word string) any {
	before, _, _ := strings.Cut(string(text), word)
	line := strings.Count(before, "\n")
	at := map[string]int{"line": line, "character": len(before) - strings.LastIndex(before, "\n")}
	return map[string]any{
		"textDocument": map[string]string{"uri": uri}, "position": at,
		"range": map[string]any{"start": at, "end": at}, "context": map[string]any{"diagnostics": []any{}},
	}
}

func show(what string, all []time.Duration) {
	if len(all) == 0 {
		return
	}
	slices.Sort(all)
	at := func(part float64) time.Duration {
		return all[int(part*float64(len(all)-1))].Round(10 * time.Microsecond)
	}
	fmt.Printf("%s: median %v, 99th percentile %v, longest %v\n", what, at(0.5), at(0.99), at(1))
}

func (e *editor) send(method string, id int, params any) {
	m := map[string]any{"jsonrpc": "2.0", "method": method, "params": params}
	if id > 0 {
		m["id"] = id
	}
	content, _ := json.Marshal(m)
	fmt.Fprintf(e.in, "Content-Length: %d\r\n\r\n%s", len(content), content)
}

type incoming struct {
	ID     *int
	Method string
	Params struct {
		URI     string
		Version int
	}
	Result json.RawMessage
	Error  *struct{ Message string }
}

func (e *editor) read() (m incoming, err error) {
	length := 0
	for {
		line, err := e.out.ReadString('\n')
		if err != nil {
			return m, err
		}
		if line = strings.TrimSpace(line); line == "" {
			break
		}
		if _, value, ok := strings.Cut(line, "Content-Length: "); ok {
			length, _ = strconv.Atoi(value)
		}
	}
	content := make([]byte, length)
	if _, err := io.ReadFull(e.out, content); err != nil {
		return m, err
	}
	return m, json.Unmarshal(content, &m)
}

// diagnostics waits for the diagnostics of a version of a document.
func (e *editor) diagnostics(uri string, version int) error {
	for {
		m, err := e.read()
		if err != nil || m.Method == "textDocument/publishDiagnostics" && m.Params.URI == uri && m.Params.Version == version {
			return err
		}
	}
}

func (e *editor) timed(method string, params any) (time.Duration, json.RawMessage, error) {
	begun := time.Now()
	result, err := e.request(method, params)
	return time.Since(begun), result, err
}

func (e *editor) request(method string, params any) (json.RawMessage, error) {
	e.id++
	e.send(method, e.id, params)
	for {
		m, err := e.read()
		switch {
		case err != nil:
			return nil, err
		case m.ID == nil || *m.ID != e.id || m.Method != "":
			continue
		case m.Error != nil:
			return nil, fmt.Errorf("%s: %s", method, m.Error.Message)
		}
		return m.Result, nil
	}
}
