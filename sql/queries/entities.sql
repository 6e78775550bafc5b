-- How do the entities of a kind stand, or the one with an id? Key: (kind, id).
SELECT seq, act, time, actor, address, toString(kind) AS kind_name, id, seen, toString(verb) AS verb_name, unit, year, state
FROM entities
WHERE kind = {kind:String} AND ({any:Bool} OR id = {id:String})
ORDER BY id
