-- What was an entity's state before one of its entries? A restored revision is
-- written by the store for the projections and is no state of its own. Key: seq
-- of the log and its bloom filter on id.
SELECT seq, act, time, actor, address, toString(kind) AS kind_name, id, seen, toString(verb) AS verb_name, unit, year, state
FROM entries
WHERE seq < {seq:UInt64} AND kind = {kind:String} AND id = {id:String} AND verb != 'restore'
ORDER BY seq DESC
LIMIT 1
