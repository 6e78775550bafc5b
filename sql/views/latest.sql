-- The last seq of every entity (kind unit, report, ...) and act (kind act).
SELECT kind, id, seq, time FROM latest_seqs FINAL
