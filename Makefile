# demo: run it.  test: all tests, none skipped.  check: linters.  bench, fuzz: the long ones.
.PHONY: demo test check bench fuzz screenshots generate

FUZZTIME ?= 20s

demo:
	go run ./cmd/musubi demo

test:
	.ci/install
	MUSUBI_TEST_SERVICES=1 go test -timeout 15m ./...
	MUSUBI_TEST_SERVICES=1 .ci/fuzz $(FUZZTIME)

check:
	.ci/check

bench:
	go test -run '^$$' -bench . -benchmem ./...

fuzz:
	.ci/fuzz 10m

generate:
	go generate ./...

screenshots:
	mkdir -p docs/screenshots
	MUSUBI_SCREENSHOTS=$(CURDIR)/docs/screenshots go test -count=1 -run 'TestStoryFourScreens' ./cmd/musubi
