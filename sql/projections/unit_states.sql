-- The latest state of every unit.
SELECT
    log.unit AS number,
    log.seq AS seq,
    log.state AS state
FROM ${source} AS log
WHERE log.kind = 'unit' AND ${live}
