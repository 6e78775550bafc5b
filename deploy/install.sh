#!/bin/sh
# Installs or upgrades Mingjing from the unpacked package. Running it again
# changes nothing but what is missing. 安装或升级明镜,用法见 安装说明.txt。
#
#   sh install.sh              install under /opt/mingjing, start the service
#   sh install.sh --no-start   the same without starting it
#   sh install.sh --root DIR   lay everything out below DIR: no user, no service
#
# Each version has a folder of its own; `current` points to the one in use, so an
# upgrade is one rename, and the version before stays for going back.
set -eu
umask 022

root=
start=yes
while [ $# -gt 0 ]; do
	case $1 in
	--root)
		[ $# -ge 2 ] && [ -n "$2" ] || {
			echo '--root 后面要写一个文件夹。' >&2
			exit 2
		}
		root=$2
		start=no
		shift
		;;
	--no-start) start=no ;;
	*)
		echo "不认识的参数 $1。用法：sh install.sh [--no-start] [--root 文件夹]" >&2
		exit 2
		;;
	esac
	shift
done

say() { printf '%s\n' "$*"; }
stop() {
	printf '安装停止：%s\n' "$*" >&2
	exit 1
}

package=$(cd "$(dirname "$0")" && pwd)
if [ -n "$root" ]; then
	mkdir -p "$root"
	root=$(cd "$root" && pwd)
fi
prefix=$root/opt/mingjing
data=$root/var/lib/mingjing
backups=$root/var/backups/mingjing
settings=$root/etc/mingjing/mingjing.env
unit=$root/etc/systemd/system/mingjing.service

# ---- what the machine must have -------------------------------------------

[ "$(uname -s)" = Linux ] || stop '本安装包只用于 Linux。'
[ "$(uname -m)" = x86_64 ] || stop "本安装包只用于 x86-64（amd64）处理器，本机是 $(uname -m)；请看安装说明第一节的机器表。"
if grep -q '^flags' /proc/cpuinfo && ! grep -qw avx2 /proc/cpuinfo; then
	stop '本机处理器没有 AVX2 指令，嵌入式引擎不能运行；请换一台机器，或改用 ClickHouse 服务器（见安装说明）。'
fi
getconf GNU_LIBC_VERSION >/dev/null 2>&1 || stop '本机系统不使用 glibc（例如 Alpine），引擎库不能加载；请换用 glibc 的发行版。'
if [ -z "$root" ]; then
	[ "$(id -u)" = 0 ] || stop '请用管理员身份运行：sudo sh install.sh'
	command -v systemctl >/dev/null 2>&1 || stop '本机没有 systemd；可用 --root 放好文件，再由本机自己的方式启动。'
fi

version=$(cat "$package/VERSION") || stop '安装包不完整：缺少 VERSION。'
(cd "$package" && sha256sum --quiet -c SHA256SUMS) || stop '安装包的文件与 SHA256SUMS 不符，可能拷贝时损坏，请重新拷贝。'

# The folder that will hold the program need not exist yet: its nearest parent tells.
free_mib() {
	place=$1
	while [ ! -d "$place" ]; do place=$(dirname "$place"); done
	df -Pm "$place" | awk 'NR == 2 {print $4}'
}
[ "$(free_mib "$prefix")" -ge 1500 ] || stop "$prefix 所在磁盘剩余不足 1.5 GB，请先清理。"
[ "$(free_mib "$data")" -ge 2000 ] || stop "$data 所在磁盘剩余不足 2 GB，请先清理。"

# ---- the account and its folders ------------------------------------------

as_service() { "$@"; }
own() { :; }
if [ -z "$root" ]; then
	if ! getent passwd mingjing >/dev/null; then
		nologin=$(command -v nologin || echo /usr/sbin/nologin)
		useradd --system --user-group --no-create-home --home-dir /var/lib/mingjing --shell "$nologin" mingjing
		say '已建立系统用户 mingjing。'
	fi
	as_service() { runuser -u mingjing -- "$@"; }
	own() { chown mingjing:mingjing "$1"; }
fi
for folder in "$data" "$backups"; do
	mkdir -p "$folder"
	chmod 0700 "$folder"
	own "$folder"
done

# ---- a backup by the version that is in use -------------------------------

previous=
if [ -x "$prefix/current/mingjing" ]; then
	previous=$(cat "$prefix/current/VERSION")
	if [ "$previous" != "$version" ] && { [ -n "$(ls -A "$data")" ] || grep -qs '^MINGJING_CLICKHOUSE=' "$settings"; }; then
		backup=$backups/before-$version-$(date +%Y%m%d-%H%M%S).backup
		(
			# The service's own settings decide which store is backed up.
			set -a
			# shellcheck disable=SC1090
			[ ! -f "$settings" ] || . "$settings"
			set +a
			as_service "$prefix/current/mingjing" backup --data "$data" "$backup"
		) || stop "升级前的备份没有做成，仍在使用 $previous；请按上一行的提示处理后再升级。"
		say "升级前的备份：$backup"
	fi
fi

# ---- the program ----------------------------------------------------------

new=$prefix/$version
if [ ! -f "$new/SHA256SUMS" ] || ! cmp -s "$package/SHA256SUMS" "$new/SHA256SUMS" ||
	! (cd "$new" && sha256sum --quiet -c SHA256SUMS >/dev/null 2>&1); then
	rm -rf "$prefix/.unfinished"
	mkdir -p "$prefix/.unfinished"
	cp -R "$package/." "$prefix/.unfinished/"
	rm -rf "$new"
	mv "$prefix/.unfinished" "$new"
fi
ln -sfn "$version" "$prefix/.current"
mv -T "$prefix/.current" "$prefix/current"

mkdir -p "$(dirname "$settings")" "$(dirname "$unit")"
if [ ! -f "$settings" ]; then
	cp "$package/mingjing.env" "$settings"
	chmod 0640 "$settings"
	[ -n "$root" ] || chgrp mingjing "$settings"
fi
cmp -s "$package/mingjing.service" "$unit" || cp "$package/mingjing.service" "$unit"

# Whoever opens the pages in this machine's own browser needs Chinese characters.
if [ -z "$root" ] && command -v fc-list >/dev/null 2>&1 && [ -z "$(fc-list :lang=zh family)" ]; then
	mkdir -p /usr/local/share/fonts/mingjing
	cp "$package/fonts/wqy-microhei.ttc" /usr/local/share/fonts/mingjing/
	fc-cache -f /usr/local/share/fonts/mingjing
	say '本机没有中文字体，已装入文泉驿微米黑。'
fi

# ---- start ----------------------------------------------------------------

if [ "$start" = yes ]; then
	systemctl daemon-reload
	systemctl enable --quiet mingjing
	systemctl restart mingjing
	tries=0
	until systemctl is-active --quiet mingjing; do
		tries=$((tries + 1))
		[ "$tries" -lt 15 ] || stop '服务没有启动，原因请看：journalctl -u mingjing -n 50'
		sleep 1
	done
fi

# The version in use and the one before stay; older ones go.
for folder in "$prefix"/*/; do
	name=$(basename "$folder")
	case $name in
	current | "$version" | "${previous:-$version}") ;;
	*) rm -rf "${prefix:?}/$name" ;;
	esac
done

if [ -n "$root" ]; then
	say "明镜 $version 已放在 $prefix。"
else
	say "明镜 $version 已安装。地址 http://127.0.0.1:8080（默认只在本机可见，对外见安装说明第四节）。"
fi
