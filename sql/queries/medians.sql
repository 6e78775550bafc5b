-- What is the median of some codes over the reports of each year that hold a
-- number? Of an even count it is the mean of the middle two. Key: see selection.sql.
SELECT year, toString(code) AS code_name, quantileExactInclusive(0.5)(toFloat64(assumeNotNull(value))) AS median, count() AS n
FROM ${basis}_figures
WHERE ${selection} AND isNotNull(value)
GROUP BY code, year
ORDER BY year, code
