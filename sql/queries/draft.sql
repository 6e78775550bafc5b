-- How does a draft stand, with its state? Key: (unit, year, quarter). A version is
-- never written twice, so nothing of its rows has to be merged.
SELECT unit, year, quarter, removed, slot, version, person, name, time, state
FROM secret_drafts
WHERE unit = {unit:UInt32} AND year = {year:UInt16} AND quarter = {quarter:UInt8}
  AND version = (SELECT max(version) FROM secret_drafts WHERE unit = {unit:UInt32} AND year = {year:UInt16} AND quarter = {quarter:UInt8})
ORDER BY removed DESC
LIMIT 1
