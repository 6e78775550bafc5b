-- What happened to some reports, with what stands in an act's state beside the
-- figures: when each was handed in, why it was taken in, until when it is due
-- again. Key: the log's bloom filter on id.
SELECT id, seq, time, actor, toString(verb) AS verb_name, toString(status) AS status_name, revision, historic,
       JSONExtractString(state, 'with_problems') AS problems, JSONExtractString(state, 'return', 'due') AS due,
       JSONExtractString(state, 'origin', 'way') AS way
FROM entries
WHERE kind = 'report' AND id IN {ids:Array(String)}
ORDER BY seq
