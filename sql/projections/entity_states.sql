-- The latest state of every entity that is no report or unit.
SELECT
    log.kind AS kind,
    log.id AS id,
    log.seq AS seq,
    log.act AS act,
    log.time AS time,
    log.actor AS actor,
    log.address AS address,
    log.seen AS seen,
    log.verb AS verb,
    log.unit AS unit,
    log.year AS year,
    log.state AS state
FROM ${source} AS log
WHERE log.kind NOT IN ('report', 'unit', 'sign') AND ${live}
