# What a person or a machine does with this repository; `make` alone lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules
.PHONY: help setup setup-tests build man run test lint format openapi contract test-slow demo bench soak \
  clean install uninstall deb

# Where `make run` listens and keeps its data: `make run LISTEN=127.0.0.1:9000 DATA_DIR=/tmp/events`.
LISTEN ?= 127.0.0.1:8082
DATA_DIR ?= data
# How many events of each kind `make demo` sends; `make demo COUNT=100`. All of them when empty.
COUNT ?=
# How long `make soak` goes on.
MINUTES ?= 60
# What Schemathesis begins from, and how long it asks: `make contract SEED=7 ASKING=600`.
SEED ?= 1
ASKING ?= 60

# Where `make install` puts things; DESTDIR stands before all of them.
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
UNITDIR ?= $(PREFIX)/lib/systemd/system
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions

LIBRARIES := pkg-config libmicrohttpd-dev libjansson-dev libsimdjson-dev libpopt-dev libyaml-dev \
  zlib1g-dev libzstd-dev libxxhash-dev libjemalloc-dev libcurl4-openssl-dev
TEST_TOOLS := curl jq iso-codes wrk python3-venv groff-base bsdutils zsh fish

BINARY := .build/release/curlew
VENV := .build/venv
REQUIREMENTS := $(wildcard Tests/ThirdParty/requirements.txt)

# The suites that race or touch raw memory: worth their time under the sanitizers.
SANITIZED := HTTPTests|HTTPClientTests|APITests|EmbeddedTests|CommitLogTests|StateLogTests|JSONTests|PlatformTests
RACING := HTTPTests|HTTPClientTests|APITests|EmbeddedTests|StateLogTests|CommitLogTests|PlatformTests

help: ## List these targets.
	@echo 'make TARGET, where TARGET is one of'
	sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' Makefile | while IFS=$$'\t' read -r name what; do
	  printf '  %-12s %s\n' "$$name" "$$what"
	done

# Installs those of the packages $(1) that this system does not have, and nothing else.
define install
missing=()
for package in $(1); do
  status=$$(dpkg-query -W -f '$${db:Status-Status}' "$$package" 2>/dev/null) || status=absent
  [ "$$status" = installed ] || missing+=("$$package")
done
[ $${#missing[@]} -gt 0 ] || exit 0
root=()
if [ "$$(id -u)" != 0 ]; then
  root=(sudo)
  command -v sudo >/dev/null || { echo "As root, run: apt-get install $${missing[*]}" >&2; exit 1; }
fi
echo "Installing with $${root[*]:+sudo }apt-get: $${missing[*]}"
get() { $${root[@]+"$${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get "$$@" </dev/null; }
# The lists are fetched where they do not know a package, and again where they turn out to be stale.
apt-cache show "$${missing[@]}" >/dev/null 2>&1 || get -q update
get install -qy --no-install-recommends "$${missing[@]}" || {
  get -q update
  get install -qy --no-install-recommends "$${missing[@]}"
}
endef

setup: ## Install the C libraries that are missing, through apt.
	@command -v dpkg-query >/dev/null || {
	  echo "This is not Debian; install by other means: $(LIBRARIES)" >&2; exit 1; }
	command -v swift >/dev/null || {
	  echo "Swift 6.3 is needed: https://www.swift.org/install/linux/" >&2; exit 1; }
	$(call install,$(LIBRARIES))

setup-tests: ## Install what tests, demo and benchmarks need besides.
	@( $(call install,$(TEST_TOOLS)) )
	$(MAKE) -s $(VENV)/.complete

$(VENV)/.complete: $(REQUIREMENTS)
	@python3=/usr/bin/python3
	[ -x "$$python3" ] || python3=python3
	"$$python3" -m venv $(VENV)
	if [ -n "$(REQUIREMENTS)" ]; then
	  $(VENV)/bin/pip install --quiet --disable-pip-version-check -r $(REQUIREMENTS)
	fi
	touch $@

build: setup ## Build the release binary, the Swift runtime inside.
	@swift build -c release --product curlew --static-swift-stdlib

man: build ## Write the manual page to .build/curlew.1.
	@$(BINARY) man > .build/curlew.1
	echo .build/curlew.1

run: build ## Start a server on 127.0.0.1:8082 with its data in ./data; LISTEN= and DATA_DIR= change that.
	@mkdir -p '$(DATA_DIR)'
	printf '\nTry, in another terminal:\n\n'
	printf '  %s\n' \
	  "curl -d '{\"order\":1,\"total\":19.90}' http://$(LISTEN)/topics/orders" \
	  "curl http://$(LISTEN)/topics/orders/records" \
	  "curl -N -H 'Accept: application/x-ndjson' 'http://$(LISTEN)/topics/orders/records?follow=true&from=earliest'"
	echo
	exec $(BINARY) serve --listen '$(LISTEN)' --data-dir '$(DATA_DIR)'

test: setup setup-tests ## Everything that must pass, within 25 minutes on two cores.
	@swift build --build-tests --explicit-target-dependency-import-check error
	swift test --skip-build
	$(MAKE) contract
	$(MAKE) demo COUNT=200
	Tests/Benchmarks/run --quick

lint: ## Say where a file is not as `make format` would leave it.
	@swift format lint --strict --recursive --parallel Sources Tests

format: ## Format all Swift files.
	@swift format --in-place --recursive --parallel Sources Tests

openapi: setup-tests ## Write openapi/curlew.json, which says what openapi/curlew.yaml says.
	@$(VENV)/bin/python Tests/ThirdParty/openapi.py write

contract: setup-tests build ## Let Schemathesis ask a live server, for a minute, or ASKING= seconds.
	@$(VENV)/bin/python Tests/ThirdParty/contract.py --server $(BINARY) --seed $(SEED) \
	  --seconds $(ASKING)

# Both sanitizers know the locks of Platform, which stand instead of the standard library's for that.
# Tests may leave a thread to its end; what races does not pass.
test-slow: setup setup-tests ## The suites that touch raw memory or race, under two sanitizers.
	@ASAN_OPTIONS=detect_leaks=0 \
	  swift test --sanitize=address --scratch-path .build/address --filter '^($(SANITIZED))\.'
	TSAN_OPTIONS=report_thread_leaks=0:exitcode=66 \
	  swift test --sanitize=thread --scratch-path .build/thread --filter '^($(RACING))\.'

demo: setup-tests build ## Send the world's subdivisions through a server that is killed half way.
	@Tests/Demo/demo --server $(BINARY) $(if $(COUNT),--count $(COUNT))

bench: setup-tests build ## Measure against the machine's own limits: see Tests/Benchmarks/README.md.
	@Tests/Benchmarks/run --server $(BINARY) $(BENCH)

soak: setup setup-tests ## For an hour, or MINUTES=: simulate fresh seeds, kill the server under load.
	@swift build --build-tests
	end=$$((SECONDS + 60 * $(MINUTES)))
	while [ $$SECONDS -lt $$end ]; do
	  export CURLEW_SEED=$$((RANDOM << 15 | RANDOM)) CURLEW_SEEDS=1000 CURLEW_KILL_ROUNDS=100
	  echo "soak: seeds from $$CURLEW_SEED, $$CURLEW_KILL_ROUNDS kills"
	  swift test --skip-build --filter '^(SimulationTests|ProcessTests)\.'
	done

PACKAGING := Sources/App/packaging

install: ## Put what `make build` has built under PREFIX (/usr/local), with its systemd unit.
	@[ -x $(BINARY) ] || { echo 'Nothing is built yet: run make build.' >&2; exit 1; }
	to='$(DESTDIR)$(PREFIX)'
	put() { install -D -m "$$1" "$$2" "$$3"; echo "$$3"; }
	write() { mkdir -p "$$(dirname "$$1")"; cat >"$$1"; chmod 644 "$$1"; echo "$$1"; }
	put 755 $(BINARY) "$$to/bin/curlew"
	sed -e 's|@bindir@|$(PREFIX)/bin|' -e 's|@sysconfdir@|$(SYSCONFDIR)|' \
	  $(PACKAGING)/curlew.service | write '$(DESTDIR)$(UNITDIR)/curlew.service'
	put 644 $(PACKAGING)/curlew.sysusers "$$to/lib/sysusers.d/curlew.conf"
	env -i $(BINARY) config show --example | write "$$to/share/doc/curlew/examples/curlew.yaml"
	conf='$(DESTDIR)$(SYSCONFDIR)/curlew/curlew.yaml'
	[ -e "$$conf" ] || env -i $(BINARY) config show --example --data-dir /var/lib/curlew | write "$$conf"
	[ ! -e .build/curlew.1 ] || put 644 .build/curlew.1 "$$to/share/man/man1/curlew.1"
	complete() {
	  words=$$(env -i $(BINARY) completion "$$1" 2>/dev/null) || return 0
	  write "$$2" <<<"$$words"
	}
	complete bash "$$to/share/bash-completion/completions/curlew"
	complete zsh '$(DESTDIR)$(ZSHDIR)/_curlew'
	complete fish "$$to/share/fish/vendor_completions.d/curlew.fish"
	[ -n '$(DESTDIR)' ] || printf '\nThen: %s\n' \
	  'systemd-sysusers && systemctl daemon-reload && systemctl enable --now curlew'

uninstall: ## Remove what `make install` has put there, but for configuration and data.
	@cd '$(DESTDIR)$(PREFIX)'
	rm -f bin/curlew lib/sysusers.d/curlew.conf share/man/man1/curlew.1 \
	  share/bash-completion/completions/curlew '$(DESTDIR)$(ZSHDIR)/_curlew' \
	  share/fish/vendor_completions.d/curlew.fish '$(DESTDIR)$(UNITDIR)/curlew.service'
	rm -rf share/doc/curlew
	echo 'Left where they are: $(DESTDIR)$(SYSCONFDIR)/curlew, /var/lib/curlew, the user curlew.'

deb: man ## Build a Debian package in .build.
	@( $(call install,dpkg-dev) )
	stage=$$(mktemp -d .build/deb.XXXXXX)
	trap 'rm -rf "$$stage"' EXIT
	chmod 755 "$$stage"
	$(MAKE) install DESTDIR="$$PWD/$$stage" PREFIX=/usr UNITDIR=/lib/systemd/system \
	  ZSHDIR=/usr/share/zsh/vendor-completions >/dev/null
	$(PACKAGING)/build-deb "$$stage" .build

clean: ## Remove what was built; data directories stay.
	@rm -rf .build
