-- Made-up figures for benchmarks, straight into a projection: every unit has a
-- report of the agency's own scope in every year; zeros dominate. Some codes a
-- statement keep the insert's memory small.
INSERT INTO figures_${basis}
SELECT code,
       toUInt16({first_year:UInt16} + number % {years:UInt16}) AS year,
       0 AS quarter,
       toUInt32({first_unit:UInt32} + intDiv(number, {years:UInt16})) AS unit,
       '本机关' AS scope,
       {family:String} AS family,
       'number' AS kind,
       if(cityHash64(unit, year, code) % 5 < 3, 0, cityHash64(code, unit, year) % 97) AS value,
       0 AS seq,
       0 AS is_deleted
FROM numbers(toUInt64({units:UInt32}) * {years:UInt16})
ARRAY JOIN {codes:Array(String)} AS code
