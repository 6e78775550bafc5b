#!/bin/sh
# Builds the one binary. What commonly goes wrong is said in a sentence first,
# so that a compiler's complaint below it is really the compiler's.
set -eu
target=$1
version=$2
go=${GO:-go}

stop() {
	printf '%s\n' "$@" >&2
	exit 1
}

command -v "$go" >/dev/null 2>&1 || stop \
	'没有找到 go：请先安装 Go 1.26 或更新版本，再重新运行。' \
	'go was not found: install Go 1.26 or newer, then run this again.'
"$go" mod download || stop \
	'取不到 Go 模块：请检查网络或 GOPROXY 设置；断网的机器可从别处拷来模块缓存（go env GOMODCACHE）。' \
	'The Go modules could not be fetched: check the network or GOPROXY. Without a network, copy the module cache (go env GOMODCACHE) from another machine.'

echo "go build $target $version"
CGO_ENABLED=0 "$go" build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$version" -o "$target" ./cmd/mingjing
