-- Entities that are no report or unit (persons, marks, settings ...) as they stand.
SELECT kind, id, seq, act, time, actor, address, seen, verb, unit, year, state FROM entity_states FINAL
