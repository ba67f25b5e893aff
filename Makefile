# SPDX-License-Identifier: GPL-2.0
# For people. What the kernel's build system reads is in Kbuild.

KDIR ?= /lib/modules/$(shell uname -r)/build
KERNEL ?= stock
BUILD ?= build/host
# Kbuild would look for a relative one from the kernel's tree.
build = $(abspath $(BUILD))
SECONDS ?= 60
# Whoever names a compiler gets it; otherwise it is the one that built the kernel.
own-compiler = $(filter command environment,$(firstword $(origin CC)) $(firstword $(origin LLVM)))

.PHONY: modules install uninstall install-selftests install-dkms install-tools uninstall-tools deb run \
	test test-matrix soak fuzz bench samples shell docs docs-outputs rustdoc rust-analyzer fmt check update clean distclean-cache help

modules: ## build rust_memalloc.ko for the kernel of KDIR= (default: the running one) in BUILD=build/host
	@mkdir -p "$(build)"
	+@compiler=$$(scripts/preflight "$(KDIR)") && set -x && \
		$(MAKE) -C "$(KDIR)" M="$(CURDIR)" MO="$(build)" $(if $(own-compiler),,$$compiler) modules

install: ## install what `make` built; INSTALL_MOD_PATH=, SIGN_KEY= and SIGN_CERT= as for the kernel's modules
	@scripts/install "$(KDIR)" "$(build)"

uninstall: ## remove it
	@scripts/install --remove "$(KDIR)"

install-selftests: ## install the tests as the kernel's are, to INSTALL_PATH=
	@scripts/install-selftests "$(KDIR)" "$(build)" "$(INSTALL_PATH)"

install-dkms: ## copy what DKMS builds the module from to DESTDIR=/usr/src/rust-memalloc-VERSION
	@scripts/install-dkms "$(DESTDIR)"

install-tools: ## install the command line memalloc, with its completions, to PREFIX=/usr/local
	@scripts/install-tools

uninstall-tools: ## remove that
	@scripts/install-tools --remove

deb: ## build Debian packages of the module, for DKMS, and of the command line, in build/deb
	@scripts/deb

run: ## boot a kernel in a virtual machine, print what it answers, and make a report of it
	@scripts/build --kernel $(KERNEL)
	@scripts/vm --kernel $(KERNEL) $(if $(TIMEOUT),--timeout $(TIMEOUT)) -- sh scripts/report build/$(KERNEL)
	@scripts/enter --kernel $(KERNEL) env MPLCONFIGDIR=/tmp/matplotlib \
		scripts/memalloc report build/$(KERNEL)/experiment --output build/$(KERNEL)/report.html

test: ## run all tests, on the kernels stock and debug
	@scripts/test $(if $(filter command environment,$(firstword $(origin KERNEL))),--kernel $(KERNEL))

test-matrix: ## run all tests on every kernel of scripts/kernels
	@scripts/test --kernel all

soak: ## do in full what the tests scale down: every fault, all moments; takes more than a day
	@scripts/soak $(if $(filter command environment,$(firstword $(origin KERNEL))),--kernel $(KERNEL))

fuzz: ## fuzz what is pure logic, on the host, for a minute; SECONDS=3600 for an hour
	@scripts/fuzz --seconds $(SECONDS) $(if $(SEED),--seed $(SEED))

bench: ## compare what an allocation costs: in C, through the library, through the kernel crate
	@scripts/bench --kernel $(KERNEL)

samples: ## compare what the samples are and cost, in C and in Rust
	@scripts/samples --kernel $(KERNEL)

shell: ## a shell in the root filesystem of a kernel: compilers, kernel source, tools
	@scripts/enter --kernel $(KERNEL) bash

docs: ## build the documentation as HTML, in build/documentation/html
	@scripts/docs

docs-outputs: ## run the commands of the documentation again, and write their outputs anew
	@scripts/docs-outputs

rustdoc: ## document the library and the laboratory from their sources, in build/NAME/rustdoc
	@scripts/rustdoc --kernel $(KERNEL)

rust-analyzer: ## write rust-project.json, with which editors know the kernel's crates and ours
	@scripts/rust-analyzer --kernel $(KERNEL)

fmt: ## format the Rust code
	@scripts/enter --kernel $(KERNEL) sh -c 'find . -name "*.rs" -not -path "./build/*" | xargs rustfmt'

check: ## check format and style
	@scripts/check

update: ## move to the newest kernel that Debian has
	@scripts/provision --update $(KERNEL)

clean: ## remove what was built here
	rm -rf build

distclean-cache: ## remove all that was downloaded and prepared
	@scripts/provision --remove

help: ## list these targets; KERNEL=NAME takes another kernel of scripts/kernels
	@sed -n 's/^\([a-z-]*\):.*## /\1 /p' $(MAKEFILE_LIST) | \
		while read -r name text; do printf '  %-18s %s\n' "$$name" "$$text"; done
