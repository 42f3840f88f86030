package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// maxManifest is the size in bytes above which a YAML file is not looked at.
const maxManifest = 4 << 20

// maxBeside limits how many YAML files beside a named one are read.
const maxBeside = 500

// isYAML reports whether a file is YAML, by its name.
func isYAML(name string) bool {
	ending := strings.ToLower(path.Ext(name))
	return ending == ".yaml" || ending == ".yml"
}

// manifest reads a YAML file if it holds Kubernetes objects that matter. The error says
// why one that does cannot be judged.
func (w *workspace) manifest(name string) (found bool, err error) {
	src, err := w.files.ReadRegular(name, maxManifest)
	if err != nil || !kube.Sniff(name, src) {
		return false, nil
	}
	return w.objects(name)
}

// objects reads the objects of a YAML file that looks like a manifest.
func (w *workspace) objects(name string) (found bool, err error) {
	f, err := w.files.Read(name)
	if err != nil {
		return true, err
	}
	m, err := kube.Read(f)
	if err != nil && m.Template() && !kube.SniffRoutes(f.Src) {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	if !w.known[f] {
		w.known[f] = true
		w.manifests = append(w.manifests, m)
	}
	return true, nil
}

// readManifests reads the manifests that a walk has found.
func (w *workspace) readManifests(names []string) {
	for _, name := range names {
		if _, err := w.objects(name); err != nil {
			w.passOver(name, whyNot(err))
		}
	}
}

// whyNot says why a manifest is not checked.
func whyNot(err error) string {
	return "a Kubernetes manifest that cannot be read: " + reason(err)
}

// namedManifest judges a named file if it is a manifest. Those beside it are read too,
// because an object may depend on others. Only reports that it holds no nginx
// configuration besides.
func (w *workspace) namedManifest(name string) (only bool, err error) {
	if !isYAML(name) {
		return false, nil
	}
	found, err := w.manifest(name)
	if err != nil {
		return true, &PathError{name, whyNot(err)}
	}
	if !found {
		return false, nil
	}
	f := w.manifests[len(w.manifests)-1].File
	w.targets[f.Name] = true
	for i, e := range w.list(path.Dir(name)) {
		if i < maxBeside && isYAML(e.Name()) && e.Type().IsRegular() {
			w.manifest(path.Join(path.Dir(name), e.Name())) // what cannot be read there was not asked for
		}
	}
	return f.Masked() == nil, nil
}

// routes reports whether there is anything that a controller makes nginx configuration of.
func (w *workspace) routes() bool {
	return slices.ContainsFunc(w.manifests, func(m *kube.Manifest) bool {
		return slices.ContainsFunc(m.Objects, (*kube.Object).Governs)
	})
}

// manifestFiles returns the files of the manifests, if there is anything to judge.
func (w *workspace) manifestFiles() []*parser.File {
	if !w.routes() {
		return nil
	}
	files := make([]*parser.File, len(w.manifests))
	for i, m := range w.manifests {
		files[i] = m.File
	}
	return files
}

// cluster returns the objects of all manifests.
func (w *workspace) cluster() *kube.Cluster {
	if w.clustered == nil || len(w.clustered.Manifests) != len(w.manifests) {
		w.clustered = kube.NewCluster(w.manifests)
	}
	return w.clustered
}

// clusterFindings runs the rules about Kubernetes objects.
func (j *judge) clusterFindings(w *workspace) []rules.Finding {
	if len(w.manifests) == 0 {
		return nil
	}
	return j.beside(w, rules.RunCluster(w.cluster(), j.rules))
}

// reread reads the manifests again, after fixes.
func (w *workspace) reread(old []*kube.Manifest) error {
	w.manifests, w.known, w.clustered = make([]*kube.Manifest, 0, len(old)), make(map[*parser.File]bool), nil
	for _, m := range old {
		if _, err := w.manifest(m.File.Name); err != nil {
			return &PathError{m.File.Name, whyNot(err)}
		}
	}
	return nil
}

// otherObjects says that a patched manifest does not hold the same objects, or "".
func otherObjects(before, after *parser.File) string {
	old, _ := kube.Read(before)
	patched, err := kube.Read(after)
	if err != nil {
		return "the patched text cannot be read: " + err.Error()
	}
	same := slices.EqualFunc(old.Objects, patched.Objects, func(a, b *kube.Object) bool {
		return a.Kind == b.Kind && a.Name == b.Name && a.Namespace == b.Namespace
	})
	if !same {
		return fmt.Sprintf("the patched text has other objects: %d before, %d after", len(old.Objects), len(patched.Objects))
	}
	return ""
}
