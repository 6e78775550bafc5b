-- How many parts and mutations that are done with, besides the last mutation of
-- each table, does the engine still keep of some tables? A scan of the engine's own
-- small tables.
SELECT (SELECT count() FROM system.parts WHERE database = currentDatabase() AND NOT active AND table IN {tables:Array(String)})
     + (SELECT toUInt64(count() - uniqExact(table)) FROM system.mutations WHERE database = currentDatabase() AND table IN {tables:Array(String)}) AS kept
