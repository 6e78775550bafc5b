-- Which reports are left out? A scan of a small table.
SELECT unit, year, quarter, toString(family) AS family_name, toString(scope) AS scope_name, not_compared, not_summed, toString(basis) AS basis_name
FROM excluded
