-- Which units have agreements by year (scope, group, counted)? A scan of a
-- small table.
SELECT state FROM units WHERE position(state, '"years":') > 0
