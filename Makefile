# Everything here needs Go alone; golangci-lint's checks are run by their own tools, fetched by Go.
GO ?= go
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
export CGO_ENABLED = 0

.PHONY: build release test race lint golden fuzz bench plots example memory

build:
	$(GO) build -trimpath -ldflags "-s -w" -o anytap .

# make release VERSION=1.2.3
release:
	$(GO) run ./release --version "$(VERSION)"

test:
	$(GO) test ./...

# Without the tests of what is built without the race detector.
race:
	CGO_ENABLED=1 $(GO) test -race -short ./...

lint:
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "run gofmt -w on these"; exit 1; }
	$(GO) vet ./...
	GOOS=windows $(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

golden:
	$(GO) test ./... -update

FUZZTIME ?= 10s
fuzz:
	@for pkg in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    echo "$$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; \
	  done; done

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./...

# Draws docs/plots/*.svg from docs/plots/figures.json; with BENCH=path of the bench they are measured first, with MEASURE for its
# options, such as MEASURE="--quick" or MEASURE="--only start". The drawing has modules of its own.
plots:
	@[ -z "$(BENCH)" ] || python3 docs/plots/measure.py --bench "$(BENCH)" $(MEASURE)
	cd docs/plots && $(GO) run .

# The example has modules of its own, SQLite among them.
example:
	ANYTAP_EXAMPLE_TEST=1 $(GO) test -count=1 -run '^TestEngagementReport$$' -v ./internal/e2e

# A managed answer of a GiB, in both protocols, plain and compressed.
MEMORY ?= 1024
memory:
	ANYTAP_MEMORY_TEST=$(MEMORY) $(GO) test -count=1 -run '^TestManagedAnswerIsStreamed$$' -v ./internal/e2e
