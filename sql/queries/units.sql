-- Which units are there? A scan of a small table.
SELECT state FROM units ORDER BY number
