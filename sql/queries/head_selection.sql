-- Which reports a question is about; stands in for ${selection} in the
-- questions about reports. Key: (unit, year) of the reports when units are
-- named, a scan of few columns otherwise.
(empty({units:Array(UInt32)}) OR unit IN {units:Array(UInt32)})
AND (empty({years:Array(UInt16)}) OR year IN {years:Array(UInt16)})
AND ({family:String} = '' OR family = {family:String})
