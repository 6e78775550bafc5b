-- What do people sign in with? Key: person.
SELECT person, version, changed, hash, totp
FROM secret_credentials FINAL
WHERE {person:String} = '' OR person = {person:String}
ORDER BY person
