-- Which versions of drafts are there, newest first in each unit and period? Key:
-- (unit, year, quarter); all of a year is a scan of a small table's key.
SELECT unit, year, quarter, removed, slot, version, person, name, time, if({states:Bool}, state, '') AS state_text
FROM secret_drafts FINAL
WHERE ({all:Bool} OR year = {year:UInt16})
  AND ({all:Bool} OR {whole_year:Bool} OR (unit = {unit:UInt32} AND quarter = {quarter:UInt8}))
  AND ({version:UInt64} = 0 OR version = {version:UInt64})
  AND (NOT {removed:Bool} OR removed)
ORDER BY unit, year, quarter, version DESC
