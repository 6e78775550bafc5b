-- What numbers do the reports of one family hold, unit by unit, under a list of
-- codes? Each is given by its code's place in the list, from 1, and in ten
-- thousandths, joined to one text a report: the driver reads arrays an element
-- at a time, which took most of the time. Key: (unit, year) when units are
-- named, else one pass over the reports.
SELECT unit, year, toString(scope) AS scope_name, status = 'approved' AS is_approved,
       arrayStringConcat(arrayMap((p, v) -> concat(toString(p), ' ', toString(toInt64(ifNull(v, 0) * 10000))),
           arrayFilter((p, k) -> p > 0 AND k = 'number', arrayMap(c -> transform(toString(c), {codes:Array(String)}, {places:Array(UInt16)}, toUInt16(0)), codes) AS listed, kinds),
           arrayFilter((v, p, k) -> p > 0 AND k = 'number', values, listed, kinds)), ' ') AS held
FROM ${basis}_reports
WHERE family = {family:String} AND quarter = 0 AND year BETWEEN {first:UInt16} AND {last:UInt16}
  AND (empty({units:Array(UInt32)}) OR unit IN {units:Array(UInt32)})
ORDER BY unit, year, scope
