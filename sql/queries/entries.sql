-- What was done, by whom, to what? Key: seq of the log; its bloom filter when
-- an id or an act is named.
SELECT seq, act, time, actor, address, toString(kind) AS kind_name, id, toString(verb) AS verb_name,
       if({states:Bool}, state, '') AS state_text
FROM entries
WHERE seq >= {from:UInt64} AND seq <= {to:UInt64}
  AND ({kind:String} = '' OR kind = {kind:String})
  AND ({id:String} = '' OR id = {id:String})
  AND ({act:String} = '' OR act = {act:String})
ORDER BY seq ${direction}
LIMIT {limit:UInt64}
