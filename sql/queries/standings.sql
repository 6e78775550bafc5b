-- How do reports stand, whatever their status? Key: see head_selection.sql.
SELECT unit, year, quarter, toString(family) AS family_name, toString(scope) AS scope_name, revision, toString(status) AS status_name,
       toString(form) AS form_name, historic, seq, time, actor, address, toString(verb) AS verb_name
FROM standings
WHERE ${selection}
ORDER BY unit, year, quarter, family, scope
