-- How does an entity stand? Keys: (kind, id) of latest_seqs, then seq of the log.
SELECT seq, act, time, actor, address, toString(kind) AS kind_name, id, seen, toString(verb) AS verb_name, unit, year, state
FROM entries
WHERE seq = (SELECT max(seq) FROM latest_seqs WHERE kind = {kind:String} AND id = {id:String})
