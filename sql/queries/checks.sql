-- What did the checks find in the reports on file? Key: see head_selection.sql,
-- for the checks and for the reports.
SELECT unit, year, quarter, toString(family) AS family_name, toString(scope) AS scope_name, seq, last_seq, toString(rules) AS rules_name,
       errors, explains, notices, untried, findings, checked_at
FROM check_results
WHERE ${selection}
  AND (unit, year, quarter, family, scope, seq) IN
      (SELECT unit, year, quarter, family, scope, seq FROM ${basis}_reports WHERE ${selection})
ORDER BY unit, year, quarter, family, scope
