-- The reports that go with bench/figures.sql: the same figures as arrays.
INSERT INTO reports_${basis}
SELECT toUInt32({first_unit:UInt32} + intDiv(number, {years:UInt16})) AS unit,
       toUInt16({first_year:UInt16} + number % {years:UInt16}) AS year,
       0 AS quarter,
       {family:String} AS family,
       '本机关' AS scope,
       0 AS seq,
       0 AS is_deleted,
       toDateTime64('2024-01-31 00:00:00', 3, 'UTC') AS time,
       'bench' AS actor,
       '' AS address,
       {form:String} AS form,
       1 AS revision,
       'approved' AS status,
       true AS historic,
       {codes:Array(String)} AS codes,
       arrayMap(c -> 'number', codes) AS kinds,
       arrayMap(c -> toDecimal64(if(cityHash64(unit, year, c) % 5 < 3, 0, cityHash64(c, unit, year) % 97), 4), codes) AS values
FROM numbers(toUInt64({units:UInt32}) * {years:UInt16})
