-- What became of one report? Key: the log's bloom filter on id.
SELECT unit, year, quarter, toString(family) AS family_name, toString(scope) AS scope_name, revision, toString(status) AS status_name,
       toString(form) AS form_name, historic, seq, time, act, actor, address, toString(verb) AS verb_name
FROM entries
WHERE kind = 'report' AND id = {id:String}
ORDER BY seq
