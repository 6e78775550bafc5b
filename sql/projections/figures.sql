-- One row for every code of a report's family, missing ones as deleted, so that
-- a revision with fewer codes leaves nothing of an older one standing.
SELECT
    code,
    log.year AS year,
    log.quarter AS quarter,
    log.unit AS unit,
    log.scope AS scope,
    log.family AS family,
    cell AS kind,
    value,
    log.seq AS seq,
    toUInt8(log.${basis} = 'drop' OR cell = 'missing') AS is_deleted
FROM ${source} AS log
ARRAY JOIN log.codes AS code, log.kinds AS cell, log.values AS value
WHERE log.kind = 'report' AND log.${basis} != 'keep' AND ${live}
