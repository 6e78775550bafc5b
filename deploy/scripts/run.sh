#!/bin/sh
# `make run`: demonstration data at the first start, then the server.
set -eu
data=$1
unfinished=.cache/demo-unfinished

# A demonstration that was interrupted is no store; it is made again. The mark
# names the folder, so that no other folder is ever removed.
if [ -f "$unfinished" ] && [ "$(cat "$unfinished")" = "$data" ]; then
	rm -rf "$data"
fi
if [ ! -d "$data" ] || [ -z "$(ls -A "$data")" ]; then
	printf '%s' "$data" >"$unfinished"
	bin/mingjing demo --data "$data"
	rm -f "$unfinished"
fi
exec bin/mingjing serve --data "$data"
