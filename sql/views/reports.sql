-- Reports as they stand: one row a unit, period, family and scope.
SELECT unit, year, quarter, family, scope, seq, time, actor, address, form, revision, status, historic, codes, kinds, values
FROM reports_${basis} FINAL
