# make run    this host, live: an aggregator and a collector in the foreground
# make fleet  five more collectors beside `make run`, to try things on
# make test   everything that is checked, as CI checks it
# make interop  gRPC's standard cases, against the implementations in C++, Go and Python
# make differential  node_exporter beside the collector under load, for SECONDS=N (180)
# make attacks  hostile peers against the aggregator, and HTTP/2's rules beside nghttpd
# make fuzz     an hour of libFuzzer for whatever reads what peers send; SECONDS=N for each target
# make test-sanitize  all tests with AddressSanitizer, then with ThreadSanitizer
# make simulate  fleets in virtual time, 1000 of them; SEEDS=N for more
# make bench-grpc  our gRPC beside grpc-c++, grpcio and nghttpd
# make bench  the figures that README quotes
# make link-order  records anew which of the collector's functions always run
#
# Linux only (Debian 12 is what it is built and tested on), with Swift 6.2 or later on the PATH.

SHELL := bash
.DEFAULT_GOAL := help

BUILD_PACKAGES := g++ libc6-dev pkg-config libnghttp2-dev libprotobuf-c-dev libsqlite3-dev libssl-dev libyaml-dev zlib1g-dev
TEST_PACKAGES := protobuf-c-compiler protobuf-compiler openssl python3-venv prometheus-node-exporter procps systemd-container \
  grpc-proto libgrpc++-dev libprotobuf-dev protobuf-compiler-grpc golang-go golang-google-grpc-dev protoc-gen-go-1-3 nghttp2-server
BENCH_PACKAGES := gcc libc6-dev openssl prometheus-node-exporter procps strace
BENCH_GRPC_PACKAGES := grpc-proto libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc \
  nghttp2-server openssl python3-venv

# The same flags everywhere: another set would build the dependencies once more.
SWIFT_BUILD := swift build --explicit-target-dependency-import-check error
RELEASE := $(SWIFT_BUILD) -c release --static-swift-stdlib
RELEASE_BINARIES := .build/release
PYTHON := .build/python/bin/python

.PHONY: help run fleet release test lint generated tests-built unit differential interop attacks fuzz \
  fuzz-briefly test-sanitize simulate bench bench-grpc link-order clean packages test-packages swift

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

swift:
	@[[ $$(uname -s) == Linux ]] || { echo "Muster reads /proc: it runs on Linux only" >&2; exit 1; }
	@command -v swift >/dev/null || { echo "swift is not on the PATH: install Swift 6.2 or later" >&2; exit 1; }

packages: swift
	@scripts/install-packages $(BUILD_PACKAGES)

test-packages: packages
	@scripts/install-packages $(TEST_PACKAGES)

# One by one: what nobody named, such as the dependencies' own programs, is not built.
release: packages
	$(RELEASE) --product muster-collector
	$(RELEASE) --product muster-aggregator
	$(RELEASE) --product muster

run: release
	@scripts/run $(RELEASE_BINARIES) .build/run

fleet: release
	@scripts/fleet $(RELEASE_BINARIES) .build/fleet

test: test-packages generated lint simulate fuzz-briefly interop attacks unit

# The C code of the messages is committed; this fails if it is not what Protos/ says.
generated:
	Protos/generate --check

lint:
	swift format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks

# Foreign gRPC peers for the tests.
.build/python/ready: Makefile
	python3 -m venv .build/python
	.build/python/bin/pip install --quiet --disable-pip-version-check grpcio grpcio-reflection h2 protobuf
	touch $@

tests-built: .build/python/ready
	$(SWIFT_BUILD) --build-tests

interop: test-packages tests-built
	Tests/Interop/run .build/interop .build/debug $(PYTHON)

# Against what is shipped: memory is among what is measured.
attacks: test-packages release .build/python/ready
	Tests/Attacks/run $(RELEASE_BINARIES)/muster-aggregator $(PYTHON)
	Tests/Attacks/run $(RELEASE_BINARIES)/muster-aggregator $(PYTHON) --against-nghttpd

# What failed is said again at the end: there are thousands of lines.
unit: tests-built
	@set -o pipefail; MUSTER_TEST_PYTHON=$(abspath $(PYTHON)) swift test --skip-build \
	  --explicit-target-dependency-import-check error 2>&1 | tee .build/unit.log \
	  || { echo; grep -E '^✘|^error:|^Fatal' .build/unit.log; exit 1; }

differential: test-packages release
	Tests/EndToEnd/NodeExporter/follow $(RELEASE_BINARIES) docs/METRICS.md $(or $(SECONDS),180)

# Eight targets, two at a time.
fuzz: packages
	Tests/Fuzz/run $(or $(SECONDS),900)

# What was ever found, and a few seconds more.
fuzz-briefly: packages
	Tests/Fuzz/run 5

test-sanitize: test-packages .build/python/ready
	Tests/Fuzz/sanitize address
	Tests/Fuzz/sanitize thread

# Fleets in virtual time. SEEDS=N for so many of 200 hosts; else also a few large ones.
simulate: packages
	$(RELEASE) --product muster-simulate
	$(RELEASE_BINARIES)/muster-simulate --seeds $(or $(SEEDS),1000) --hosts 200
	$(if $(SEEDS),,$(RELEASE_BINARIES)/muster-simulate --seeds 20 --hosts 5000)

bench: release
	$(RELEASE) --product muster-load
	@scripts/install-packages $(BENCH_PACKAGES)
	Benchmarks/run $(RELEASE_BINARIES)

link-order: release
	@scripts/install-packages binutils openssl valgrind
	scripts/link-order/record $(RELEASE_BINARIES)
	rm $(RELEASE_BINARIES)/muster-collector  # so that the next build links it in the new order

bench-grpc: release .build/python/ready
	$(RELEASE) --product grpc-load
	$(RELEASE) --product grpc-interop-server
	$(RELEASE) --product muster-load
	@scripts/install-packages $(BENCH_GRPC_PACKAGES)
	Benchmarks/grpc/run $(RELEASE_BINARIES) .build/bench-grpc $(PYTHON)

clean:
	rm -rf .build
