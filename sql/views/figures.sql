-- Figures as they stand: one row a code, year, quarter, unit and scope.
SELECT code, year, quarter, unit, scope, family, kind, value, seq FROM figures_${basis} FINAL
