-- What do some codes add up to in each year, and over how many reports that
-- hold a number? Key: see selection.sql.
SELECT year, toString(code) AS code_name, sum(value) AS total, count(value) AS reports
FROM ${basis}_figures
WHERE ${selection}
GROUP BY code, year
HAVING reports > 0
ORDER BY year, code
