# Mingjing 明镜. `make` alone lists the verbs.
SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

GO         ?= go
NPM        ?= npm
NODE       ?= node
DATA       ?= data
SCRIPTS    := deploy/scripts
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# One product: no cgo, in the tests too. `make race` is the other half.
export CGO_ENABLED := 0

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unversioned)
LIBRARY := node_modules/@chdb/lib-linux-x64-gnu/libchdb.so
MODULES := node_modules/.package-lock.json
VENDOR  := internal/web/static/vendor
PICTURE := internal/bulletin/picture/files/vendor
SOURCES := go.mod go.sum $(shell find cmd dashboards internal sql -type f \
	-not -name '*_test.go' -not -path '*/testdata/*' -not -path '$(VENDOR)/*' -not -path '$(PICTURE)/*' 2>/dev/null)

# The version is part of the binary, so a new one must be told from an old one
# without rebuilding each time.
$(shell mkdir -p .cache; printf '%s' '$(VERSION)' | cmp -s - .cache/version || printf '%s' '$(VERSION)' >.cache/version)
# Whoever empties the folder of vendored assets gets them made again.
$(if $(and $(wildcard $(VENDOR)/*),$(wildcard $(PICTURE)/*)),,$(shell rm -f .cache/assets))

.PHONY: help
help: ## List the verbs 列出命令
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(MODULES): package.json package-lock.json .npmrc
	@sh $(SCRIPTS)/npm.sh $(NPM)
	@touch $@

.cache/assets: $(MODULES) $(wildcard internal/web/assets/*)
	$(NODE) internal/web/assets/build.mjs
	@touch $@

.PHONY: setup
setup: $(MODULES) .cache/assets ## Fetch what a build needs (npm files, web assets) 取得构建所需文件

bin/mingjing: $(SOURCES) .cache/assets .cache/version
	@GO='$(GO)' sh $(SCRIPTS)/build.sh $@ $(VERSION)

# Beside the binary is where the binary looks.
bin/libchdb.so: $(MODULES)
	@mkdir -p bin
	@if [ -f $(LIBRARY) ]; then ln -sfn ../$(LIBRARY) $@; fi

.PHONY: build
build: bin/mingjing bin/libchdb.so ## Build bin/mingjing 构建

.PHONY: run
run: build ## Start at http://localhost:8080 with demonstration data 启动(首次自动生成演示数据)
	@exec sh $(SCRIPTS)/run.sh $(DATA)

.PHONY: packages
packages: setup
	@sh $(SCRIPTS)/test-packages.sh

.PHONY: test
test: packages build ## Run every test 运行全部测试
	$(GO) vet ./...
	$(GO) test $(TESTFLAGS) -timeout 15m ./...

.PHONY: race
race: setup ## Run the engine's and the socket's tests under the race detector 竞态检测
	@command -v $${CC:-cc} >/dev/null || { echo 'The race detector needs a C compiler: install gcc. 竞态检测需要 C 编译器,请安装 gcc。' >&2; exit 1; }
	CGO_ENABLED=1 $(GO) test -race -skip TestHostileFiles -timeout 15m $(RACE)
# The detector's own memory does not fit into the limits that TestHostileFiles
# sets to children; `make test` runs it.
RACE := ./internal/chdb ./internal/control/... ./internal/intake/worker/...

FUZZTIME ?= 10s
.PHONY: fuzz
fuzz: setup ## Fuzz every reader for FUZZTIME (10s) each 模糊测试
	@sh $(SCRIPTS)/fuzz.sh $(FUZZTIME)

.PHONY: check
check: setup ## Format, vet, staticcheck, module file, house rules, other systems 静态检查
	@sh $(SCRIPTS)/check.sh $(STATICCHECK)

.PHONY: bench
bench: build ## Measure; SCALE=nation adds 400 million figures 性能测量
	bin/mingjing bench $(if $(SCALE),--scale $(SCALE))

.PHONY: dist
dist: build ## Make the offline package dist/mingjing-VERSION-linux-amd64.tar.gz 离线安装包
	@sh $(SCRIPTS)/dist.sh $(VERSION)

.PHONY: test-dist
test-dist: dist ## Install and start the package with the network cut off 断网安装测试
	MINGJING_TEST_DIST=$(CURDIR)/dist/mingjing-$(VERSION)-linux-amd64.tar.gz \
		$(GO) test -count=1 -timeout 10m -run 'TestPackage' ./deploy

.PHONY: clean
clean: ## Remove what was built; data stays 清除构建产物(不动数据)
	rm -rf bin dist .cache $(VENDOR)
