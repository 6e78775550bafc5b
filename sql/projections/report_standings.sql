-- How every report stands by its newest row, whatever its status, without figures.
SELECT
    log.unit AS unit,
    log.year AS year,
    log.quarter AS quarter,
    log.family AS family,
    log.scope AS scope,
    log.seq AS seq,
    log.time AS time,
    log.actor AS actor,
    log.address AS address,
    log.verb AS verb,
    log.form AS form,
    log.revision AS revision,
    log.status AS status,
    log.historic AS historic
FROM ${source} AS log
WHERE log.kind = 'report' AND ${live}
