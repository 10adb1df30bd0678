# build: the program. demo: run it.  test: all tests, none skipped.  check: linters.  bench, bench-go, fuzz: the long ones.
.PHONY: build install deb licences demo test check bench bench-go fuzz screenshots generate look canonical chaos

FUZZTIME ?= 10m
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
PREFIX ?= /usr/local
GO ?= go

# The program, ./musubi: static whatever the machine has, so that it runs in an empty container.
build:
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -ldflags='-s -w -X main.released=$(VERSION)' -o $(or $(OUT),musubi) ./cmd/musubi

install: build
	install -D -m 755 $(or $(OUT),musubi) $(DESTDIR)$(PREFIX)/bin/musubi
	mkdir -p $(DESTDIR)$(PREFIX)/share/man/man1
	$(or $(OUT),./musubi) man >$(DESTDIR)$(PREFIX)/share/man/man1/musubi.1

demo:
	go run ./cmd/musubi demo

# musubi.deb, to be installed with apt install ./musubi.deb.
deb: build
	deploy/deb $(or $(OUT),./musubi) $(VERSION) musubi.deb

# The modules that the program is made of, with their licences: a bill of materials (CycloneDX).
licences: build
	$(GO) run github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0 bin -json -licenses -noserial -notimestamp -output deploy/sbom.json $(or $(OUT),./musubi)

test:
	.ci/install
	MUSUBI_TEST_SERVICES=1 go test -timeout 25m ./...

check:
	.ci/check

# The running program with 1,000 and 100,000 members, some minutes; BENCH="-help" tells what can be chosen.
bench:
	.ci/install packages-bench
	go run ./cmd/musubi/internal/loadbench $(BENCH)

bench-go:
	go test -run '^$$' -bench . -benchmem ./...

# Every fuzz target in turn, by chance; the tests run their known inputs. What it finds becomes one of them.
fuzz:
	.ci/fuzz $(FUZZTIME)

# Hostile HTTP against a running demo; CI runs a minute of it.
CHAOSTIME ?= 10m
chaos:
	go run ./cmd/musubi/internal/chaos -for $(CHAOSTIME)

generate:
	go generate ./...

# testdata/canonical, the pages as the core emits them today, and testdata/pages, what handsets get of them. Read the diff.
canonical:
	go test -count=1 -run TestCanonicalPages ./core/web -update
	go test -count=1 -run TestGoldenPages ./transcode/page -update

# The pictures in README and docs.
screenshots:
	.ci/install
	mkdir -p docs/screenshots
	MUSUBI_SCREENSHOTS=$(CURDIR)/docs/screenshots go test -count=1 -run TestScreenshots ./cmd/musubi

# A picture of every kind of page (wide, narrow, dark, print), and what nine handsets show of it, for people to look at; DIR says where.
look:
	.ci/install
	mkdir -p $(or $(DIR),/tmp/musubi-look)
	MUSUBI_LOOK=$(or $(DIR),/tmp/musubi-look) go test -count=1 -run 'TestLookOfPages|TestLookInEnglish|TestHandsetsComeToThePointSoon' ./cmd/musubi
