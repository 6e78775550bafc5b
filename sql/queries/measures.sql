-- What do ratios and subtotals of some figures come to, by year and scope: added
-- up over the reports that hold every figure of the ratio, and at the median of
-- the single reports? What a measure is made of comes as three parallel arrays.
-- Key: see selection.sql. A whole country's reports are grouped on disk.
SELECT year, measure, toString(scope) AS scope_name,
       countIf(whole) AS reports, sumIf(top, whole) AS tops, sumIf(bottom, whole) AS bottoms,
       countIf(whole AND (NOT is_ratio OR bottom > 0)) AS n,
       if(n = 0, 0, quantileExactInclusiveIf(0.5)(if(is_ratio, 100 * toFloat64(top) / toFloat64(bottom), toFloat64(top)), whole AND (NOT is_ratio OR bottom > 0))) AS median
FROM
(
    SELECT year, quarter, unit, scope, measure,
           countIf(role IN ('numerator', 'plus', 'minus')) > 0 AS is_ratio,
           if(is_ratio, count(value) = any(size), count(value) > 0) AS whole,
           ifNull(multiIf(is_ratio, sumIf(value, role = 'numerator'), countIf(role = 'row' AND isNotNull(value)) > 0, sumIf(value, role = 'row'),
                          sumIf(value, role = 'instead')), 0) AS top,
           ifNull(sumIf(value, role = 'plus'), 0) - ifNull(sumIf(value, role = 'minus'), 0) AS bottom
    FROM (SELECT year, quarter, unit, scope, toString(code) AS code_name, value FROM ${basis}_figures WHERE ${selection}) AS filed
    INNER JOIN
    (
        SELECT part.1 AS measure, part.2 AS code_name, part.3 AS role, count() OVER (PARTITION BY measure) AS size
        FROM (SELECT arrayJoin(arrayZip({measures:Array(String)}, {parts:Array(String)}, {roles:Array(String)})) AS part)
    ) AS asked USING (code_name)
    GROUP BY year, quarter, unit, scope, measure
)
GROUP BY year, measure, scope
HAVING reports > 0
ORDER BY year, measure, scope_name
SETTINGS max_bytes_before_external_group_by = 1000000000
