-- Reports that comparisons or sums leave out.
SELECT basis, unit, year, quarter, family, scope, not_compared, not_summed FROM exclusions FINAL
