# build: the program. demo: run it.  test: all tests, none skipped.  check: linters.  bench, bench-go, fuzz: the long ones.
# chaos: attack it.
.PHONY: build install deb try-package licences demo test test-postgres test-shards check bench bench-go fuzz screenshots generate look canonical chaos

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

# An operator's hour with the package, upgraded from the build of PREVIOUS, a tag or commit; as root, on Debian.
PREVIOUS ?= $(shell git describe --tags --abbrev=0 2>/dev/null || git rev-parse HEAD~100)
try-package: deb
	rm -rf /tmp/musubi-previous && git worktree prune && git worktree add --detach /tmp/musubi-previous $(PREVIOUS)
	$(MAKE) -C /tmp/musubi-previous build && /tmp/musubi-previous/deploy/deb /tmp/musubi-previous/musubi 0~previous /tmp/musubi-previous/previous.deb
	deploy/try-package /tmp/musubi-previous/previous.deb musubi.deb; status=$$?; git worktree remove --force /tmp/musubi-previous; exit $$status

# What the program is made of: licences of modules and data with their texts, and a bill of materials (CycloneDX). From the module cache.
licences:
	$(GO) run ./cmd/musubi/internal/licences

test:
	.ci/install
	MUSUBI_TEST_SERVICES=1 go test -timeout 45m ./...
	$(MAKE) test-postgres test-shards

# The suites of the store and the cache on PostgreSQL, and of the pages what asks who sees, takes along and leaves nothing behind.
test-postgres:
	MUSUBI_TEST_SERVICES=1 MUSUBI_TEST_DB=postgres go test -timeout 15m ./core/store ./core/cache
	MUSUBI_TEST_SERVICES=1 MUSUBI_TEST_DB=postgres go test -timeout 15m -run 'SEC83|SEC112|SEC115|SEC122|TestHiddenThings|TestComments' ./core/web

# The same on a database that pretends shards: who writes in a second one stands in core/store/shardtest/crossing.tsv, or it fails. IDs are others there.
test-shards:
	MUSUBI_TEST_SHARDS=1 go test -timeout 15m -skip TestCanonicalPages ./core/store ./core/web

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

# Hostile HTTP, kill -9, the k-th call to the disk that fails, power cuts; CI runs a minute of it.
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
