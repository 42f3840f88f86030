package deploy

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// TestRealDockerfiles compares the instructions of Dockerfiles with those that BuildKit's
// parser reads: of those in testdata, and of random ones. `make prove-deploy` runs it.
func TestRealDockerfiles(t *testing.T) {
	program := os.Getenv(readersEnvironment)
	if program == "" {
		t.Skip("make prove-deploy builds BuildKit's parser and runs this")
	}
	texts := dockerfileCases(t)
	var all [][]struct {
		Name        string
		Line        int
		Flags, Docs []string
	}
	ask(t, program, texts, &all, "dockerfile")
	refused, instructions := 0, 0
	for i, text := range texts {
		if all[i] == nil {
			refused++
			continue
		}
		var ours, theirs []string
		for _, in := range readDockerfile([]byte(text)) {
			var docs []string
			for _, d := range in.docs {
				docs = append(docs, d.name, fmt.Sprint(d.quoted), d.text)
			}
			ours = append(ours, fmt.Sprintf("%s in line %d, flags %q, heredocs %q", in.name, in.line, in.flags, docs))
		}
		for _, in := range all[i] {
			instructions++
			for k := range in.Docs { // nginx does not care, so line ends are read as \n
				in.Docs[k] = strings.ReplaceAll(in.Docs[k], "\r\n", "\n")
			}
			theirs = append(theirs, fmt.Sprintf("%s in line %d, flags %q, heredocs %q", in.Name, in.Line, in.Flags, in.Docs))
		}
		if a, b := strings.Join(ours, "\n"), strings.Join(theirs, "\n"); a != b {
			t.Errorf("read\n%s\nBuildKit has\n%s\nof\n%s", a, b, text)
		}
	}
	t.Logf("%d Dockerfiles, %d of which BuildKit refuses; %d instructions are the same", len(texts), refused, instructions)
}

// dockerfileCases returns the Dockerfiles of testdata, and random ones.
func dockerfileCases(t *testing.T) (texts []string) {
	for _, a := range archives(t) {
		for _, f := range a.Files {
			if isDockerfile(f.Name) && !strings.HasSuffix(f.Name, ".dockerignore") {
				texts = append(texts, string(f.Data))
			}
		}
	}
	for seed := range 400 {
		texts = append(texts, randomDockerfile(rand.New(rand.NewPCG(uint64(seed), 19))))
	}
	return texts
}

// randomDockerfile writes instructions in the forms that people use.
func randomDockerfile(draw *rand.Rand) string {
	forms := []string{
		"FROM nginx:1.27\n", "FROM --platform=linux/amd64 nginx AS web\n", "ARG TAG=1\nFROM nginx:${TAG}\n", "# a comment\n", "\n", "  # indented\n",
		"COPY nginx.conf /etc/nginx/\n", "COPY --from=web --chown=1:1 a \\\n  b \\\n  /c/\n", "copy [\"a b\", \"/c\"]\n", "ADD x.tar /\n",
		"RUN a && \\\n# inside\n    b && \\\n\n    c\n", "RUN <<EOF\nx $a\n# kept\nEOF\n", "COPY <<'E' /a\n$x \\\nE\n", "COPY <<A <<B /d/\n1\nA\n2\nB\n", "RUN cat <<-EOF >f\n\ttab\n\tEOF\n",
		"ENV A=1 B='x y' \\\n  C=3\n", "ENV K v w\n", "CMD [\"nginx\", \"-g\", \"daemon off;\"]\n", "CMD nginx -g 'daemon off;'   \n", "ENTRYPOINT exec nginx\n", "WORKDIR /x\n", "EXPOSE 80 443\n",
		"HEALTHCHECK --interval=5s CMD x\n", "RUN --mount=type=cache,target=/c y\n", "RUN echo \\\\ done\n", "RUN echo a#b # c\n", "LABEL a=b \\\n      c=d\n", "RUN echo $((1<<2))\n",
	}
	var b strings.Builder
	if draw.IntN(8) == 0 {
		b.WriteString("# syntax=docker/dockerfile:1\n")
	}
	b.WriteString("FROM nginx\n")
	for range draw.IntN(12) {
		b.WriteString(forms[draw.IntN(len(forms))])
	}
	text := b.String()
	if draw.IntN(6) == 0 {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}
