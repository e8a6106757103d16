# Read by the first start of the PostgreSQL image.
psql --username=postgres --no-psqlrc --file=/roles.sql
