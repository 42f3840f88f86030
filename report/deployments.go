package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// Deployments writes the containers that run nginx for people, one paragraph each.
func Deployments(w io.Writer, all []lint.Deployment, opt Options) error {
	b := bufio.NewWriter(w)
	if opt.Width == 0 {
		opt.Width = inventoryWidth
	}
	t := text{b, opt}
	for i, d := range all {
		if i > 0 {
			fmt.Fprintln(b)
		}
		place := fmt.Sprintf("%s:%d:", Clean(opt.Shown(d.Place.File)), d.Place.Line)
		fmt.Fprintf(b, "%s %s\n", t.paint(bold, place), Clean(strings.Join(append([]string{d.Name}, d.Also...), ", ")))
		t.row("evidence", strings.Join(shownAll(d.Evidence, opt), ", "))
		if d.Image != "" {
			t.row("image", d.Image)
		}
		if d.Versions != "" {
			t.row("version", d.Versions)
		}
		if d.Main != "" {
			t.row("main file", d.Main)
		}
		for _, f := range d.Files {
			t.row("reads", f.Path+" is "+opt.Shown(f.File))
		}
		if len(d.Files) == 0 {
			t.row("reads", "none of the files below the given paths")
		}
		if len(d.Unknown) > 0 {
			t.row("unknown", strings.Join(d.Unknown, ", "))
		}
	}
	return b.Flush()
}

func shownAll(names []string, opt Options) []string {
	all := []string{}
	for _, name := range names {
		all = append(all, opt.Shown(name))
	}
	return all
}

type jsonDeployment struct {
	Name     string       `json:"name"`
	Also     []string     `json:"also"`
	File     string       `json:"file"`
	Line     int          `json:"line"`
	Evidence []string     `json:"evidence"`
	Image    string       `json:"image"`
	Version  *string      `json:"nginx_version"`
	Main     string       `json:"main"`
	Files    []jsonMapped `json:"files"`
	Unknown  []string     `json:"unknown"`
}

type jsonMapped struct {
	Path string `json:"path"`
	File string `json:"file"`
}

// DeploymentsJSON writes the containers that run nginx for programs.
func DeploymentsJSON(w io.Writer, list []lint.Deployment, opt Options) error {
	all := []jsonDeployment{}
	for _, d := range list {
		j := jsonDeployment{
			Name: d.Name, Also: append([]string{}, d.Also...), File: opt.Shown(d.Place.File), Line: d.Place.Line, Evidence: shownAll(d.Evidence, opt),
			Image: d.Image, Main: d.Main, Files: []jsonMapped{}, Unknown: append([]string{}, d.Unknown...),
		}
		if d.Versions != "" {
			j.Version = &d.Versions
		}
		for _, f := range d.Files {
			j.Files = append(j.Files, jsonMapped{f.Path, opt.Shown(f.File)})
		}
		all = append(all, j)
	}
	return writeJSON(w, map[string]any{"version": 1, "deployments": all})
}
