-- What was done, by whom, to what? Key: seq of the log; its bloom filter when
-- an id or an act is named. needle is text as it stands in JSON.
SELECT seq, act, time, actor, address, toString(kind) AS kind_name, id, seen, toString(verb) AS verb_name, unit, year,
       if({states:Bool}, state, '') AS state_text
FROM entries
WHERE seq >= {from:UInt64} AND seq <= {to:UInt64}
  AND (empty({kinds:Array(String)}) OR kind IN {kinds:Array(String)})
  AND ({id:String} = '' OR id = {id:String})
  AND ({act:String} = '' OR act = {act:String})
  AND ({actor:String} = '' OR actor = {actor:String})
  AND (empty({verbs:Array(String)}) OR verb IN {verbs:Array(String)})
  AND ({unit:UInt32} = 0 OR unit = {unit:UInt32})
  AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
  AND ({text:String} = '' OR positionCaseInsensitiveUTF8(id, {text:String}) > 0 OR positionCaseInsensitiveUTF8(state, {needle:String}) > 0)
ORDER BY seq ${direction}
LIMIT {limit:UInt64}
