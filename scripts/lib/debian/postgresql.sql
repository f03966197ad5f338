-- SPDX-License-Identifier: Apache-2.0
-- The board's roles and database on this host's PostgreSQL, for its superuser:
--   runuser -u postgres -- psql -v ON_ERROR_STOP=1 -f /usr/share/scoreboard/postgresql.sql
-- The roles are named for the system's users, who need no password to be them. The workers' role can
-- add events and neither change nor delete them; the owner's changes the schema.
CREATE ROLE scoreboard_owner LOGIN;
CREATE ROLE scoreboard_runtime NOLOGIN;
CREATE ROLE scoreboard LOGIN IN ROLE scoreboard_runtime;
CREATE DATABASE scoreboard OWNER scoreboard_owner ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;
