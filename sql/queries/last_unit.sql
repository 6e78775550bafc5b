-- Which is the highest unit number given? Reads the end of the key.
SELECT max(number) FROM unit_states
