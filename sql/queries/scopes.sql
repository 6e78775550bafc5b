-- Which units have reports of several scopes for one period, or are named in
-- uncounted? Key: unit of the reports when units are named, else a scan of the key.
SELECT unit, year, quarter, toString(family) AS family_name, groupArray(toString(scope)) AS scopes
FROM ${basis}_reports
WHERE empty({units:Array(UInt32)}) OR unit IN {units:Array(UInt32)}
GROUP BY unit, year, quarter, family
HAVING count() > 1 OR unit IN {uncounted:Array(UInt32)}
