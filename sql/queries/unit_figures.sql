-- Which values do the reports of a few units hold for some codes? Answers as
-- figures.sql does, from the reports' arrays: the figures lie by code, and one
-- unit's would be picked from all of their granules. Key: (unit, year) of the reports.
SELECT unit, year, quarter, toString(scope) AS scope_name, toString(code) AS code_name, toString(kind) AS kind_name, value
FROM
(
    SELECT unit, year, quarter, scope, family, code, kind, value
    FROM ${basis}_reports
    ARRAY JOIN codes AS code, kinds AS kind, values AS value
    WHERE unit IN {units:Array(UInt32)} AND kind != 'missing'
)
WHERE ${selection}
ORDER BY code, year, quarter, unit, scope
