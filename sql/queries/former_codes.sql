-- Which codes do the last rows of some reports carry? Key: all of the reports'.
SELECT unit, year, quarter, toString(family) AS family_name, toString(scope) AS scope_name,
       arrayDistinct(arrayFlatten(groupArray(codes))) AS all_codes
FROM reports_provisional
WHERE unit IN {units:Array(UInt32)} AND year IN {years:Array(UInt16)}
GROUP BY unit, year, quarter, family, scope
