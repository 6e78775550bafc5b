-- Which sessions are there: the one with a hash, or all that live? Key: hash.
SELECT hash, person, data, expiry, ended
FROM secret_sessions FINAL
WHERE ({hash:String} != '' AND hash = {hash:String})
   OR ({hash:String} = '' AND NOT ended AND expiry > {now:DateTime64(3, 'UTC')})
ORDER BY hash
