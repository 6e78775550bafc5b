-- Which status has one report? Key: all of the standings'.
SELECT toString(status) AS status_name
FROM standings
WHERE unit = {unit:UInt32} AND year = {year:UInt16} AND quarter = {quarter:UInt8}
  AND family = {family:String} AND scope = {scope:String}
