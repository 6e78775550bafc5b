-- What does one report's newest revision hold, whatever its status? Keys: all of
-- the standings', then seq of the log.
SELECT seq, time, actor, address, state
FROM entries
WHERE seq = (SELECT max(seq) FROM standings
             WHERE unit = {unit:UInt32} AND year = {year:UInt16} AND quarter = {quarter:UInt8}
               AND family = {family:String} AND scope = {scope:String})
