# Everything a user or a contributor runs. `make help` lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DESTDIR ?=
# Only the installation may see these: the examples have a PREFIX of their own.
install uninstall: export PREFIX := $(PREFIX)
install uninstall: export LIBDIR := $(LIBDIR)
install uninstall: export INCLUDEDIR := $(INCLUDEDIR)
install uninstall: export DESTDIR := $(DESTDIR)
unexport PREFIX LIBDIR INCLUDEDIR DESTDIR

.PHONY: help setup build demo demo-go demo-php test lint conformance bench wheel command go-static fuzz install uninstall generate check clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup: ## install what this machine lacks (apt, a Python environment in .venv)
	@scripts/setup

build: ## build the library and lay it out in build/stage
	@scripts/stage-lib

demo: ## start the C server, send it real requests and show what became of each
	@scripts/setup demo
	@scripts/demo

demo-go: ## the same against a Go server
	@scripts/setup demo-go
	@scripts/demo go

demo-php: ## the same against a PHP server, behind Apache and PHP-FPM
	@scripts/setup demo-php
	@scripts/demo php

test: setup ## run every test; STEPS="clippy core" runs only those steps
	@scripts/test $(STEPS)

lint: setup ## formatting and lints only
	@scripts/test fmt clippy python

conformance: setup ## run vectors through a door: DOOR=rust|c|python|go|php FILES="a.json b.json" FORMAT=json
	@DOOR="$(DOOR)" FILES="$(FILES)" FORMAT="$(FORMAT)" scripts/conformance

bench: setup ## measure against the bare hashes and other libraries
	@bench/run

wheel: setup ## build what is published of the Python package into build/wheels
	@scripts/wheel

go-static: ## put the static library into the Go module, for -tags hookproof_static
	@go/static

fuzz: ## fuzz each target for TIME seconds (60), or those of TARGETS
	@scripts/fuzz $(TARGETS)

command: setup ## build the wheel of the command, hookproof-cli, into build/cli/wheels
	@scripts/wheel-cli build

install: ## install library and command: PREFIX, LIBDIR, INCLUDEDIR, DESTDIR; COMMAND=no for the library alone
	@scripts/install

uninstall: ## remove what install put there
	@scripts/install --uninstall

generate: ## write everything that follows from other files again: header, tables of every language, samples, vectors
	@cargo xtask generate
	@python3 tests/vectors/generate.py

check: ## compare what is generated with what is committed
	@cargo xtask check
	@python3 tests/vectors/generate.py --check

clean: ## remove everything that was built
	rm -rf build target bench/target .venv
