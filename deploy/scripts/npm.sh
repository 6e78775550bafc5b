#!/bin/sh
# Puts the third-party files of package-lock.json into node_modules. No package
# script runs: npm is a way to fetch files here, nothing else.
set -eu
npm=${1:-npm}

stop() {
	printf '%s\n' "$@" >&2
	exit 1
}

command -v "$npm" >/dev/null 2>&1 || stop \
	'没有找到 npm：请先安装 Node.js 18 或更新版本（含 npm），再重新运行。' \
	'npm was not found: install Node.js 18 or newer with npm, then run this again.'

"$npm" ci --ignore-scripts || stop \
	'取不到 npm 文件：请检查网络或 npm 的镜像设置；断网的机器可从别处拷来整个 node_modules 文件夹，再执行 touch node_modules/.package-lock.json。' \
	'The npm files could not be fetched: check the network or npm settings. Without a network, copy node_modules from another machine and run: touch node_modules/.package-lock.json'

if [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] && [ ! -f node_modules/@chdb/lib-linux-x64-gnu/libchdb.so ]; then
	# npm passes over an optional package in silence.
	stop '嵌入式引擎 libchdb.so 没有取到：请检查网络后运行 rm -rf node_modules，再重试。' \
		'The engine library libchdb.so did not arrive: check the network, remove node_modules and try again.'
fi
