-- Which figures a question is about; stands in for ${selection} in figures.sql,
-- sums.sql and medians.sql. Key: (code, year, quarter, unit) of the figures.
-- leave_out is '' (every scope), 'compare' (the one report of a unit and period
-- that comparisons use) or 'sum' (as the district's sum counts).
code IN {codes:Array(String)}
AND (empty({years:Array(UInt16)}) OR year IN {years:Array(UInt16)})
AND (empty({units:Array(UInt32)}) OR unit IN {units:Array(UInt32)})
AND ({leave_out:String} != 'sum' OR scope NOT IN ('本级汇总', '全域'))
AND ({leave_out:String} = '' OR (unit, year, quarter, scope, family) NOT IN
    (SELECT unit, year, quarter, scope, family FROM excluded
     WHERE basis = '${basis}' AND if({leave_out:String} = 'sum', not_summed, not_compared)))
