// Command helm renders templates with Helm's engine for TestLaw: a JSON list of
// [text, values] on standard input, a JSON list of renderings (null for none) on standard
// output. It is a module of its own, so that the project does not depend on Helm.
package main

import (
	"encoding/json"
	"log"
	"os"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
)

type job struct {
	text   string
	values map[string]any
}

func (j *job) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&j.text, &j.values})
}

func main() {
	log.SetFlags(0)
	var jobs []job
	if err := json.NewDecoder(os.Stdin).Decode(&jobs); err != nil {
		log.Fatal(err)
	}
	rendered := make([]*string, len(jobs))
	for i, j := range jobs {
		rendered[i] = render(j)
	}
	if err := json.NewEncoder(os.Stdout).Encode(rendered); err != nil {
		log.Fatal(err)
	}
}

func render(j job) *string {
	c := &chart.Chart{
		Metadata:  &chart.Metadata{APIVersion: "v2", Name: "law", Version: "1.0.0"},
		Templates: []*chart.File{{Name: "templates/one.yaml", Data: []byte(j.text)}},
	}
	values, err := chartutil.ToRenderValues(c, j.values, chartutil.ReleaseOptions{Name: "law", Namespace: "default"}, nil)
	if err != nil {
		return nil
	}
	out, err := engine.Render(c, values)
	if err != nil {
		return nil
	}
	text := out["law/templates/one.yaml"]
	return &text
}
