-- Which figures do many reports hold, without prose and sources? Kinds come as
-- their numbers and values as ten thousandths: plain numbers are read several
-- times faster. Key: see head_selection.sql.
SELECT unit, year, quarter, toString(family) AS family_name, toString(scope) AS scope_name, revision, toString(status) AS status_name,
       toString(form) AS form_name, historic, seq, time, actor, address, codes,
       arrayMap(k -> toInt8(k), kinds) AS kind_numbers, arrayMap(v -> toInt64(ifNull(v, 0) * 10000), values) AS ten_thousandths
FROM ${basis}_reports
WHERE ${selection}
ORDER BY unit, year, quarter, family, scope
