-- Which backups were made? A scan of a small table.
SELECT value FROM meta FINAL WHERE startsWith(key, {prefix:String}) AND value != ''
