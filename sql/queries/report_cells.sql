-- Which figures do many reports hold, without prose and sources? Key: see
-- head_selection.sql.
SELECT unit, year, quarter, toString(family) AS family_name, toString(scope) AS scope_name, revision, toString(status) AS status_name,
       toString(form) AS form_name, historic, seq, time, actor, address, codes, arrayMap(k -> toString(k), kinds) AS kind_names, values
FROM ${basis}_reports
WHERE ${selection}
ORDER BY unit, year, quarter, family, scope
