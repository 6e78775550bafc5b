-- What do some revisions hold? Key: seq of the log.
SELECT seq, time, actor, address, state
FROM entries
WHERE seq IN {seqs:Array(UInt64)} AND kind = 'report'
ORDER BY seq
