-- How many findings stand in the reports of each year? Key: see
-- head_selection.sql, for the checks and for the reports.
SELECT year, count() AS reports, countIf(errors > 0) AS with_errors,
       sum(errors) AS all_errors, sum(explains) AS all_explains, sum(notices) AS all_notices, sum(untried) AS all_untried
FROM check_results
WHERE ${selection}
  AND (unit, year, quarter, family, scope, seq) IN
      (SELECT unit, year, quarter, family, scope, seq FROM ${basis}_reports WHERE ${selection})
GROUP BY year
ORDER BY year
