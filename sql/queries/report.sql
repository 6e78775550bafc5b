-- What does one report hold? Keys: all of the reports', then seq of the log.
SELECT seq, time, actor, address, state
FROM entries
WHERE seq = (SELECT max(seq) FROM ${basis}_reports
             WHERE unit = {unit:UInt32} AND year = {year:UInt16} AND quarter = {quarter:UInt8}
               AND family = {family:String} AND scope = {scope:String})
