-- Reports as they stand by their newest entry, whatever its status.
SELECT unit, year, quarter, family, scope, seq, time, actor, address, verb, form, revision, status, historic FROM report_standings FINAL
