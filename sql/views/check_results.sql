-- The newest result of the checks of every checked revision.
SELECT unit, year, quarter, family, scope, seq, last_seq, rules, errors, explains, notices, untried, findings, checked_at
FROM checks FINAL
