-- Keeps a draft once more as removed, in a slot of its own. Key: (unit, year, quarter).
INSERT INTO secret_drafts
SELECT unit, year, quarter, true, {removal:UInt64}, {removal:UInt64}, person, name, {at:DateTime64(3, 'UTC')}, state
FROM secret_drafts FINAL
WHERE unit = {unit:UInt32} AND year = {year:UInt16} AND quarter = {quarter:UInt8} AND NOT removed AND version = {version:UInt64}
