-- Units as they stand.
SELECT number, seq, state FROM unit_states FINAL
