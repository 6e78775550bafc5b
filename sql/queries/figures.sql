-- Which values do reports hold for some codes? Key: see selection.sql.
SELECT unit, year, quarter, toString(scope) AS scope_name, toString(code) AS code_name, toString(kind) AS kind_name, value
FROM ${basis}_figures
WHERE ${selection}
ORDER BY code, year, quarter, unit, scope
