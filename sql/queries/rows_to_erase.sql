-- What do some rows of the log hold, those of a deposed writer too? Key: seq of the log.
SELECT seq, toString(kind) AS kind_name, id, state
FROM log
WHERE seq IN {seqs:Array(UInt64)}
ORDER BY seq
