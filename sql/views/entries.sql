-- The log without the rows of a deposed writer.
SELECT * FROM log WHERE ${legitimate}
