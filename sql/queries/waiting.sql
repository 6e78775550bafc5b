-- Which reports of any year stand in some statuses, the longest waiting first?
-- Key: none, a scan of the standings' status, one short column.
SELECT unit, year, quarter, toString(family) AS family_name, toString(scope) AS scope_name, revision, toString(status) AS status_name,
       toString(form) AS form_name, historic, seq, time, actor, address, toString(verb) AS verb_name
FROM standings
WHERE status IN {statuses:Array(String)} AND family = {family:String}
ORDER BY time, seq
