#!/bin/sh
# Makes the package for a closed network out of what `make build` left:
# dist/mingjing-VERSION-linux-amd64.tar.gz, and its checksum beside it.
set -eu
version=$1
name=mingjing-$version-linux-amd64
stage=dist/$name
font=usr/share/fonts/truetype/wqy/wqy-microhei.ttc
fontdoc=usr/share/doc/fonts-wqy-microhei/copyright

stop() {
	printf '%s\n' "$@" >&2
	exit 1
}

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] ||
	stop '离线安装包要在 Linux x86-64 上制作。' 'The offline package is made on Linux on x86-64.'

rm -rf "$stage"
mkdir -p "$stage/fonts" "$stage/licenses" "$stage/examples"
cp bin/mingjing "$stage/"
cp -L bin/libchdb.so "$stage/"
cp deploy/install.sh deploy/mingjing.env deploy/systemd/mingjing.service LICENSE NOTICE "$stage/"
cp -R deploy/nginx deploy/clickhouse "$stage/examples/"
printf '%s\n' "$version" >"$stage/VERSION"

# One text: as it is, and with a byte order mark and CRLF for the Notepad of
# Windows 7, from which it is read and printed.
cp deploy/安装说明.md "$stage/"
{
	printf '\357\273\277'
	sed 's/$/\r/' deploy/安装说明.md
} >"$stage/安装说明.txt"

# The font is the Debian package fonts-wqy-microhei, installed or fetched.
if [ -f "/$font" ] && [ -f "/$fontdoc" ]; then
	fonts=/
else
	fonts=dist/fonts
	rm -rf $fonts
	mkdir -p $fonts
	(cd $fonts && apt-get download -qq fonts-wqy-microhei && dpkg-deb -x fonts-wqy-microhei_*.deb .) || stop \
		'取不到字体：请先安装 Debian 软件包 fonts-wqy-microhei，再运行 make dist。' \
		'The font could not be fetched: install the Debian package fonts-wqy-microhei, then run make dist again.'
fi
cp "$fonts/$font" "$stage/fonts/"
cp "$fonts/$fontdoc" "$stage/licenses/wqy-microhei.txt"

# The licence of everything that is inside the binary or beside it.
go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Dir}}{{end}}{{end}}' ./cmd/mingjing | sort -u |
	while read -r module folder; do
		[ -n "$module" ] || continue
		found=
		for text in "$folder"/[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]* "$folder"/COPYING* "$folder"/NOTICE* "$folder"/ATTRIB*; do
			[ -f "$text" ] || continue
			found=yes
			cp "$text" "$stage/licenses/go-$(printf '%s' "$module" | tr / _)-$(basename "$text")"
		done
		# Code that a module took from others keeps its licence beside itself.
		if [ "$module" = github.com/dop251/goja ]; then
			for text in "$folder"/ftoa/LICENSE_* "$folder"/ftoa/internal/fast/LICENSE_*; do
				cp "$text" "$stage/licenses/go-github.com_dop251_goja-ftoa-$(basename "$text")"
			done
		fi
		[ -n "$found" ] || stop "No licence was found in $module."
	done
for package in @fontsource/noto-sans-sc @tabler/core bootstrap echarts htmx.org tslib zrender; do
	for text in node_modules/"$package"/LICENSE* node_modules/"$package"/NOTICE*; do
		[ -f "$text" ] || continue
		cp "$text" "$stage/licenses/npm-$(printf '%s' "$package" | tr / _)-$(basename "$text")"
	done
done
# resvg's package names its licence, MPL-2.0, and carries no text of it; axe-core,
# which tests use, carries the same one.
grep -q '"license": *"MPL-2.0"' node_modules/@resvg/resvg-wasm/package.json &&
	grep -q '^Mozilla Public License, version 2.0' node_modules/axe-core/LICENSE ||
	stop 'The text of MPL-2.0, the licence of @resvg/resvg-wasm, was not found.'
cp node_modules/axe-core/LICENSE "$stage/licenses/npm-@resvg_resvg-wasm-LICENSE-MPL-2.0"
# The engine's package carries no text of its own: its licence is the one of LICENSE.
cp LICENSE "$stage/licenses/npm-@chdb_lib-linux-x64-gnu-LICENSE"
chmod -R u=rwX,go=rX "$stage"
chmod 0755 "$stage/mingjing" "$stage/install.sh"

(cd "$stage" && find . -type f ! -name SHA256SUMS -print0 | LC_ALL=C sort -z | xargs -0 sha256sum >SHA256SUMS)

# The same commit makes the same archive.
when=$(git log -1 --format=%ct 2>/dev/null || date +%s)
pack='gzip -n'
if command -v pigz >/dev/null 2>&1; then pack='pigz -n'; fi
tar -C dist --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$when" -cf - "$name" | $pack >"dist/$name.tar.gz.part"
mv "dist/$name.tar.gz.part" "dist/$name.tar.gz"
(cd dist && sha256sum "$name.tar.gz" >SHA256SUMS)
rm -rf "$stage"
ls -lh "dist/$name.tar.gz"
