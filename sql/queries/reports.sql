-- What do many reports hold? Keys: see head_selection.sql, then seq of the log.
SELECT seq, time, actor, address, state
FROM entries
WHERE seq IN (SELECT seq FROM ${basis}_reports WHERE ${selection})
ORDER BY seq
