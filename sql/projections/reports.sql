-- One row a report, with its figures as arrays.
SELECT
    log.unit AS unit,
    log.year AS year,
    log.quarter AS quarter,
    log.family AS family,
    log.scope AS scope,
    log.seq AS seq,
    toUInt8(log.${basis} = 'drop') AS is_deleted,
    log.time AS time,
    log.actor AS actor,
    log.address AS address,
    log.form AS form,
    log.revision AS revision,
    log.status AS status,
    log.historic AS historic,
    log.codes AS codes,
    log.kinds AS kinds,
    log.values AS values
FROM ${source} AS log
WHERE log.kind = 'report' AND log.${basis} != 'keep' AND ${live}
