# Go is all that is needed: it fetches the linters itself. The versions of the linters are pinned here.
GO ?= go
GOLANGCI_LINT = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
ACTIONLINT = github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
SHELL_SCRIPTS = .ci/checks .ci/debian .ci/floors .ci/image .ci/install .ci/interop .ci/meltano-plugins .ci/run .ci/supply docs/newcomer.sh packaging/docker/rootfs
export CGO_ENABLED = 0

.DEFAULT_GOAL := help
.PHONY: help build release test race lint format vet golangci workflows scripts golden docs fuzz bench plots example memory chaos crash soak mutate supply site

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "%-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build ./anytap, a static binary
	$(GO) build -trimpath -ldflags "-s -w" -o anytap .

release: ## make everything that users install: make release VERSION=1.2.3
	$(GO) run ./packaging/release --version "$(VERSION)"

test: ## run all tests
	$(GO) test ./...

# A process under the race detector sleeps a second before it ends, unless told otherwise; e2e starts hundreds.
race: ## run the tests with the race detector (needs a C compiler), except those that build the program without it
	GORACE=atexit_sleep_ms=0 CGO_ENABLED=1 $(GO) test -race -short -timeout 20m ./...

lint: format vet golangci workflows scripts ## run all the checks that follow

format: ## check that gofmt has nothing to change
	@unformatted=$$(gofmt -l .); [ -z "$$unformatted" ] || { echo "$$unformatted"; echo "run gofmt -w on these"; exit 1; }

vet: ## run go vet for every system that is released
	GOOS=linux $(GO) vet ./...
	GOOS=darwin $(GO) vet ./...
	GOOS=windows $(GO) vet ./...

golangci: ## run the linters of .golangci.yml
	$(GO) run $(GOLANGCI_LINT) run

workflows: ## check the workflows of .github with actionlint
	$(GO) run $(ACTIONLINT)

scripts: ## check the shell scripts, where shellcheck is installed
	@command -v shellcheck >/dev/null || { echo "shellcheck is not installed: the shell scripts are not checked"; exit 0; }; \
	  shellcheck -x $(SHELL_SCRIPTS)

# Only the packages that know the flag -update.
golden: ## write golden files and generated documents anew; read the difference
	$(GO) test -update $$(grep -rlE '"update"|anytap/internal/golden"' --include=*_test.go internal | xargs -n1 dirname | sort -u | sed 's|^|./|')

docs: ## check that generated documents are fresh and the README is true of spec.json
	$(GO) test -run 'TestComponentsDocument|TestDocuments|TestReadme|TestRecipes|TestExitCodes' ./internal/components ./docs

FUZZTIME ?= 10s
fuzz: ## run each fuzz test for FUZZTIME (10s)
	@for pkg in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    echo "$$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; \
	  done; done

bench: ## run the benchmarks of every stage
	$(GO) test -run '^$$' -bench . -benchmem ./...

# With BENCH (the folder of the bench) they are measured first; MEASURE has more options, such as "--quick" or "--only start".
plots: ## draw docs/plots/*.svg and the tables of docs/performance.md from docs/plots/figures.json
	@[ -z "$(BENCH)" ] || python3 docs/plots/measure.py --bench "$(BENCH)" $(MEASURE)
	cd docs/plots && $(GO) run .

example: ## run the example pipeline from API to report
	ANYTAP_EXAMPLE_TEST=1 $(GO) test -count=1 -run '^TestEngagementReport$$' -v ./internal/e2e

MEMORY ?= 1024
memory: ## read an answer of MEMORY MiB (1024) in both protocols, plain and compressed, in little memory
	ANYTAP_MEMORY_TEST=$(MEMORY) $(GO) test -count=1 -run '^TestManagedAnswerIsStreamed$$' -v ./internal/e2e

# CHAOS_SEED replays one schedule, CHAOS_ONLY chooses the kinds of streams that have a word in their names, CHAOS_PARALLEL
# is how many schedules run at a time.
CHAOS_SCHEDULES ?= 2000
chaos: ## read in spite of CHAOS_SCHEDULES (2000) random schedules of faults, kills and clocks
	cd chaos && CHAOS_SCHEDULES=$(CHAOS_SCHEDULES) $(GO) run . schedules

CHAOS_ROUNDS ?= 20
crash: ## kill reads until they are done, CHAOS_ROUNDS (20) times each, and on their way into Singer targets
	cd chaos && CHAOS_ROUNDS=$(CHAOS_ROUNDS) $(GO) run . crashes
	$(MAKE) build
	.ci/crash ./anytap 12

SOAK ?= 1h
soak: ## read with faults for SOAK (1h): memory, file handles and goroutines must stay flat
	cd chaos && SOAK=$(SOAK) $(GO) run . soak

MUTATIONS ?= 20
mutate: ## make MUTATIONS (20) mistakes in each manifest: each is told with its place, or it works
	cd chaos && MUTATIONS=$(MUTATIONS) $(GO) run . mutations

supply: ## check modules, licenses, known vulnerabilities and that builds are reproducible
	.ci/supply

MKDOCS = mkdocs-material==9.8.2
site: ## build the site of the documents in dist/site, with MkDocs in an environment of its own
	python3 -m venv dist/mkdocs && dist/mkdocs/bin/pip install -q $(MKDOCS)
	NO_MKDOCS_2_WARNING=1 dist/mkdocs/bin/mkdocs build -q --strict -f packaging/site/mkdocs.yml
