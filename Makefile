# nginx-ws-lint: `make help` lists the targets.

PROGRAM     := nginx-ws-lint
VERSION     ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
LDFLAGS     := -s -w -X main.version=$(VERSION)
# Without this tag a Markdown renderer is linked in, which slows down each start.
TAGS        := urfave_cli_no_docs
NGINX       := $(CURDIR)/.cache/nginx
BACKENDS    := $(CURDIR)/.cache/backends
COMMANDS    := $(CURDIR)/.cache/commands
BED         := NGINX_WS_LINT_NGINX='$(NGINX)' NGINX_WS_LINT_APPS='$(BACKENDS)' NGINX_WS_LINT_COMMANDS='$(COMMANDS)'
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.8.0
NGINXLINTER := nginx-linter@0.7.0
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME    ?= 10s
TREES       ?= 400
CORPUS      ?= 0
PLATFORMS   ?=
EXAMPLE     := examples/01-bare-location/broken

.PHONY: build help demo nginx backends commands test prove prove-deploy prove-kubernetes race vet staticcheck vulncheck fmt-check fuzz bench bench-compare release reproducible goreleaser-check man vscode new-rule generate clean

build: ## build bin/nginx-ws-lint
	go build -trimpath -tags $(TAGS) -ldflags '$(LDFLAGS)' -o bin/$(PROGRAM) ./cmd/$(PROGRAM)

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | awk -F '\t' '{ printf "  %-16s %s\n", $$1, $$2 }'

demo: build ## check a broken example and print the patch that fixes it
	@echo '$$ nginx-ws-lint $(EXAMPLE)'
	@bin/$(PROGRAM) $(EXAMPLE); test $$? -eq 1
	@echo
	@echo '$$ nginx-ws-lint --diff $(EXAMPLE)'
	@bin/$(PROGRAM) --diff $(EXAMPLE); test $$? -eq 1

nginx: ## fetch nginx from three Debian suites into .cache, if apt is installed
	@if command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then \
		tools/install-nginx.sh '$(NGINX)'; \
	elif [ "$$CI" = true ]; then \
		echo 'make nginx: there is no apt on this machine, but with CI=true nginx is required' >&2; exit 1; \
	else \
		echo 'make nginx: there is no apt on this machine; the tests against real nginx will be SKIPPED'; \
	fi

backends: ## fetch applications in other languages into .cache, for tests behind nginx
	@tools/install-backends.sh '$(BACKENDS)'

commands: ## fetch commands that tests run, such as pre-commit and shells, into .cache, unless installed
	@tools/install-commands.sh '$(COMMANDS)'

test: nginx backends commands ## run all tests, against real nginx and real applications if they can be fetched
	$(BED) go test -timeout 20m ./...
	@if ls '$(NGINX)'/bin/nginx-* >/dev/null 2>&1; then \
		echo "tested against: $$(cd '$(NGINX)/bin' && ls | tr '\n' ' ')"; \
	else \
		echo 'SKIPPED: all tests that need a real nginx'; \
	fi

prove: nginx backends ## check every patch on running nginx; CORPUS=20 TREES=40 for a sample
	@mkdir -p .cache; \
	$(BED) go test ./lint -count=1 -timeout 60m -run 'Live|Prove' -trees $(TREES) -corpus $(CORPUS) -v >.cache/prove.log 2>&1; \
	status=$$?; grep -v -e '^ *--- PASS' -e '^ *=== ' -e '^ *--- SKIP' .cache/prove.log; exit $$status

race: nginx backends ## run the tests with the race detector
	$(BED) go test -race -short ./...

vet: ## go vet
	go vet ./...

staticcheck: ## staticcheck, at a pinned version
	go run $(STATICCHECK) ./...

vulncheck: ## look for known vulnerabilities in the program's dependencies, at a pinned version
	@out=$$(go run $(GOVULNCHECK) ./... 2>&1); status=$$?; printf '%s\n' "$$out"; \
	if [ $$status -ne 0 ] && printf '%s' "$$out" | grep -q '^govulncheck: fetching vulnerabilities:'; then \
		echo 'SKIPPED: cannot reach the vulnerability database (vuln.go.dev)'; \
	elif [ $$status -ne 0 ]; then \
		echo 'make vulncheck: see above' >&2; exit 1; \
	fi

fmt-check: ## fail if gofmt would change a file
	@files=$$(gofmt -l .); test -z "$$files" || { echo "not gofmt'd: $$files" >&2; exit 1; }

fuzz: ## run every fuzz test for FUZZTIME
	@for pkg in $$(go list ./...); do \
		for f in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
			echo "$$pkg $$f"; \
			go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 50x $$pkg || exit 1; \
		done; \
	done

bench-compare: nginx ## compare with plain file reading, gonginx, nginx -t and nginx-linter
	@mkdir -p .cache && go build -o .cache/bench ./tools/bench
	@if command -v npm >/dev/null; then npm install --silent --no-fund --no-audit --prefix .cache/npm $(NGINXLINTER) || true; fi
	@PATH="$(CURDIR)/.cache/npm/node_modules/.bin:$$PATH" NGINX_WS_LINT_NGINX='$(NGINX)' .cache/bench compare

bench: ## run the benchmarks
	go test -run '^$$' -bench . -benchmem ./...

release: ## build a release in dist: programs, packages, SBOMs, checksums; PLATFORMS=linux/amd64 for one platform
	tools/release.sh dist '$(VERSION)' $(PLATFORMS)

reproducible: ## build a release twice, in two clean directories, and compare the bytes
	tools/reproducible.sh '$(VERSION)' $(PLATFORMS)

goreleaser-check: ## check .goreleaser.yaml with goreleaser (takes minutes to build), and compare its programs with ours
	tools/goreleaser-check.sh '$(VERSION)'

prove-deploy: ## compare what is read of Compose files and Dockerfiles with compose-go and BuildKit
	mkdir -p .cache && go build -C internal/deploy/testdata/readers -o '$(CURDIR)/.cache/readers' .
	NGINX_WS_LINT_READERS='$(CURDIR)/.cache/readers' go test ./internal/deploy -run Real -count=1 -v

prove-kubernetes: ## compare what is said of annotations with ingress-nginx's own code (builds it: minutes)
	tools/prove-kubernetes.sh .cache/kubernetes

vscode: ## pack the extension for Visual Studio Code: editors/vscode/nginx-ws-lint.vsix
	cp LICENSE editors/vscode/LICENSE
	cd editors/vscode && npm ci --no-audit --no-fund && npm test && npm run package

man: build ## make the man page bin/nginx-ws-lint.1
	bin/$(PROGRAM) man >bin/$(PROGRAM).1

new-rule: ## create the skeleton of a rule: make new-rule NAME=says-the-mistake
	@tools/new-rule.sh '$(NAME)'

generate: ## regenerate tables in README and docs, and goldens
	go generate ./...

clean: ## remove build output
	rm -rf bin dist
