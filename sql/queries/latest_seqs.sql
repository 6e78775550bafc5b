-- Which are the last seqs of some entities and acts? Key: (kind, id).
SELECT toString(kind) AS kind_name, id, max(seq) AS last_seq, max(time) AS last_time
FROM latest_seqs
WHERE kind IN {kinds:Array(String)} AND id IN {ids:Array(String)}
GROUP BY kind, id
