-- Which drafts stand, with their states? For backups. Key: (unit, year, quarter).
SELECT unit, year, quarter, removed, slot, version, person, name, time, state
FROM secret_drafts FINAL
WHERE NOT removed AND (unit, year, quarter, version) IN
      (SELECT unit, year, quarter, max(version) FROM secret_drafts GROUP BY unit, year, quarter)
ORDER BY unit, year, quarter
