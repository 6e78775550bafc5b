-- Which revisions on file were not checked under these rules against last
-- year's revision as it stands? Scans the keys of reports and checks; last
-- year's is the provisional one of the same unit, quarter, family and scope.
SELECT unit, year, quarter, toString(family) AS family_name, toString(scope) AS scope_name, seq, last_seq
FROM
(
    SELECT standing.unit AS unit, standing.year AS year, standing.quarter AS quarter, standing.family AS family,
           standing.scope AS scope, standing.seq AS seq, before.seq AS last_seq
    FROM
    (
        SELECT unit, year, quarter, family, scope, seq FROM approved_reports
        UNION DISTINCT
        SELECT unit, year, quarter, family, scope, seq FROM provisional_reports
    ) AS standing
    LEFT JOIN
    (
        SELECT unit, toUInt16(year + 1) AS year, quarter, family, scope, seq FROM provisional_reports
    ) AS before
    USING (unit, year, quarter, family, scope)
)
WHERE (unit, year, quarter, family, scope, seq, last_seq) NOT IN
      (SELECT unit, year, quarter, family, scope, seq, last_seq FROM check_results WHERE rules = {rules:String})
ORDER BY unit, year, quarter, family, scope, seq
