-- The last seq of every entity, and of every act under the kind 'act'.
SELECT
    entity.1 AS kind,
    entity.2 AS id,
    log.seq AS seq,
    log.time AS time
FROM ${source} AS log
ARRAY JOIN [(toString(log.kind), log.id), ('act', log.act)] AS entity
WHERE ${live}
