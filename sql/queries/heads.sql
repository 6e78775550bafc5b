-- Which reports are on file? Key: see head_selection.sql.
SELECT unit, year, quarter, toString(family) AS family_name, toString(scope) AS scope_name, revision, toString(status) AS status_name,
       toString(form) AS form_name, historic, seq, time
FROM ${basis}_reports
WHERE ${selection}
ORDER BY unit, year, quarter, family, scope
