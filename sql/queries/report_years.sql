-- In which years are reports on file, and how many of them are not approved?
-- Key: see head_selection.sql.
SELECT year, count() AS reports, countIf(status != 'approved') AS pending
FROM ${basis}_reports
WHERE ${selection}
GROUP BY year
ORDER BY year
