# The two commands of the README are `make demo` and `make test`. `make help` lists the rest.

SHELL := bash
.DEFAULT_GOAL := help
# rustup installs here, and a shell that is already open does not know it yet.
export PATH := $(HOME)/.cargo/bin:$(PATH)

.PHONY: help demo test build lint gen screens bench readme advisories setup clean

help: ## Lists these targets.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

demo: ## Installs what is missing, builds, analyses a made-up company, and shows its dashboard.
	./setup build
	cargo build --locked -p trimtab
	cargo run --locked --quiet -p trimtab -- demo

test: ## Installs what is missing, then runs every check and every test.
	tools/check

build: ## Builds the program for development.
	cargo build --locked -p trimtab

lint: ## Checks format and lints only.
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- --deny warnings

# Twice: the pages of the second run come from a binary with the module lists of the first.
gen: ## Rewrites every generated file.
	TRIMTAB_GEN=1 cargo test --locked --quiet --workspace --test 'generated*'
	TRIMTAB_GEN=1 cargo test --locked --quiet --workspace --test 'generated*'

screens: ## Takes pictures of every page into docs/screens.
	tools/browser/screens

bench: ## Measures a release build; writes the pages of bench/: latest.md, scan.md, sizes.md, logs.md, gates.md, kills.md, serve.md and paint.md.
	bench/run
	lambda/notice/bench/run

readme: ## Fills the figures of README.md and README.ko.md from the demo and bench/latest.md.
	cargo build --locked -p trimtab
	tools/readme.py

advisories: ## Checks the dependencies against RustSec; fails without its database.
	./setup
	tools/check-dependencies --strict

setup: ## Installs what a fresh Debian or Ubuntu lacks.
	./setup

clean: ## Removes what was built here.
	cargo clean
