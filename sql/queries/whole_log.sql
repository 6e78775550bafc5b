-- What does the log hold up to a seq? For backups. Key: seq of the log.
SELECT seq, act, time, toString(actor), toString(address), toString(kind), id, seen, toString(verb), state, unit, year, quarter,
       toString(family), toString(scope), toString(form), revision, toString(status), historic,
       toString(approved), toString(provisional), arrayMap(c -> toString(c), codes), arrayMap(k -> toString(k), kinds), values
FROM entries
WHERE seq <= {to:UInt64}
ORDER BY seq
