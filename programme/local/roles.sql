-- The roles of Embed90, for psql as a superuser; running it again changes nothing.
-- Embedded PostgreSQL and docker-compose.yml both run this file.
--   embed90_owner   owns the database and migrates it; may play the app in tests (SET ROLE)
--   embed90_app     web and workers: owns nothing, bypasses nothing, member of nothing
--   embed90_backup  reads everything past the row policies, writes nothing

\set ON_ERROR_STOP on
\set QUIET on
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
\getenv backup_password BACKUP_PASSWORD
SET client_min_messages = warning;
SET log_min_error_statement = panic;  -- a failing statement below would log a password

SELECT format('CREATE ROLE %I', wanted)
FROM unnest(ARRAY['embed90_owner', 'embed90_app', 'embed90_backup']) AS wanted
WHERE wanted NOT IN (SELECT rolname FROM pg_roles) \gexec

ALTER ROLE embed90_owner LOGIN NOSUPERUSER CREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE embed90_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'app_password';
ALTER ROLE embed90_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION BYPASSRLS PASSWORD :'backup_password';

-- INHERIT FALSE: the owner has the app's rights only after SET ROLE, so a test cannot pass by accident.
GRANT embed90_app TO embed90_owner WITH INHERIT FALSE, SET TRUE;
GRANT pg_read_all_data TO embed90_backup;
ALTER ROLE embed90_backup SET default_transaction_read_only = on;

-- A forgotten transaction must not hold up everybody else.
ALTER ROLE embed90_app SET statement_timeout = '30s';
ALTER ROLE embed90_app SET lock_timeout = '10s';
ALTER ROLE embed90_app SET idle_in_transaction_session_timeout = '60s';

-- In template1, so that embed90 and every test database start the same. Rights on tables: cohorts/tenancy/grants.py.
\connect template1
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO embed90_app, embed90_backup;

\connect postgres
SELECT 'CREATE DATABASE embed90 OWNER embed90_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'embed90') \gexec

REVOKE ALL ON DATABASE embed90, postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE embed90 TO embed90_app, embed90_backup;
GRANT CONNECT ON DATABASE postgres TO embed90_owner;  -- test databases are made from there
