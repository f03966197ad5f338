-- SPDX-License-Identifier: Apache-2.0
-- Moments are microseconds since 1970-01-01T00:00:00Z. Never edited once released.
-- The same tables as in sql/sqlite, where each one is explained; what differs is explained here.

CREATE TABLE users (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  public_id     text   NOT NULL UNIQUE,
  reference     text   NOT NULL UNIQUE,
  username      text   NOT NULL,
  username_key  text   NOT NULL UNIQUE,
  email         text   NOT NULL,
  email_key     text   UNIQUE,
  display_name  text   NOT NULL,
  password_hash text   NOT NULL,
  request_id    text   NOT NULL DEFAULT '',
  created_at    bigint NOT NULL
);

CREATE TABLE identities (
  user_id       bigint PRIMARY KEY REFERENCES users (id),
  issuer        text   NOT NULL,
  subject       text   NOT NULL,
  created_at    bigint NOT NULL,
  UNIQUE (issuer, subject)
);

-- Room on each page for the next version of a row: a count is then a HOT update.
CREATE TABLE players (
  user_id       bigint PRIMARY KEY REFERENCES users (id),
  event_number  bigint NOT NULL DEFAULT 0 CHECK (event_number >= 0)
) WITH (fillfactor = 70);

CREATE TABLE sessions (
  id            text   PRIMARY KEY,
  user_id       bigint NOT NULL REFERENCES users (id),
  created_at    bigint NOT NULL,
  expires_at    bigint NOT NULL,
  ended_at      bigint
);
CREATE INDEX sessions_by_end ON sessions (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE refresh_tokens (
  hash          text   PRIMARY KEY,
  session_id    text   NOT NULL REFERENCES sessions (id),
  issued_at     bigint NOT NULL,
  used_at       bigint,
  successor     text   NOT NULL DEFAULT ''
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TABLE login_attempts (
  key           text   PRIMARY KEY,
  failures      bigint NOT NULL CHECK (failures >= 0),
  last_at       bigint NOT NULL,
  expires_at    bigint NOT NULL
);
CREATE INDEX login_attempts_by_expiry ON login_attempts (expires_at);

CREATE TABLE boards (
  id            smallint PRIMARY KEY,
  name          text     NOT NULL UNIQUE
);
INSERT INTO boards (id, name) VALUES (1, 'all'), (2, 'day'), (3, 'week'), (4, 'month');

CREATE TABLE scores (
  board_id      smallint NOT NULL,
  period_start  bigint   NOT NULL,
  user_id       bigint   NOT NULL,
  score         bigint   NOT NULL CHECK (score > 0),
  reached       bigint   NOT NULL,
  PRIMARY KEY (board_id, period_start, user_id)
) WITH (fillfactor = 80);
CREATE INDEX scores_in_order ON scores (board_id, period_start, score, reached DESC)
  WHERE score > 0;

-- Partitioned by the month of acceptance, so that a whole month can be detached and dropped. That a
-- user's action id is unique across months is kept by the lock on the player's row and the look-up
-- in the same transaction; within a month the key keeps it too.
CREATE TABLE events (
  user_id        bigint NOT NULL,
  action_id      text   NOT NULL,
  number         bigint NOT NULL,
  contract       text   NOT NULL CHECK (contract IN ('update', 'increment')),
  payload        text   NOT NULL,
  points         bigint NOT NULL CHECK (points > 0),
  previous_score bigint NOT NULL,
  current_score  bigint NOT NULL,
  rank           bigint NOT NULL,
  periods        text   NOT NULL,
  reached        bigint NOT NULL,
  accepted_at    bigint NOT NULL,
  session_id     text   NOT NULL,
  request_id     text   NOT NULL,
  address        text   NOT NULL,
  user_agent     text   NOT NULL,
  device_id      text   NOT NULL,
  PRIMARY KEY (user_id, action_id, accepted_at)
) PARTITION BY RANGE (accepted_at);
CREATE UNIQUE INDEX events_by_number ON events (user_id, number, accepted_at) WHERE number > 0;
CREATE UNIQUE INDEX events_by_reached ON events (reached, accepted_at);

CREATE FUNCTION events_are_kept_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'events are append-only'; END $$;
CREATE TRIGGER events_are_kept_as_written BEFORE UPDATE ON events
FOR EACH ROW EXECUTE FUNCTION events_are_kept_as_written();

-- Makes the partition of the month that holds `at`, if there is none. Attached, not created in
-- place: readers and writers of the other partitions notice nothing. Runs as the owner, for whom
-- the workers call it ahead of time.
CREATE FUNCTION make_event_partition(at bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  month  timestamptz := date_trunc('month', to_timestamp(at / 1000000.0), 'UTC');
  lower  bigint := extract(epoch FROM month)::bigint * 1000000;
  upper  bigint := extract(epoch FROM (month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC')::bigint * 1000000;
  part   text := 'events_' || to_char(month AT TIME ZONE 'UTC', 'YYYY_MM');
BEGIN
  PERFORM pg_advisory_xact_lock(7331001);
  IF to_regclass(part) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE %I (LIKE events INCLUDING ALL,'
    ' CHECK (accepted_at >= %s AND accepted_at < %s)) WITH (fillfactor = 100)', part, lower, upper);
  EXECUTE format('ALTER TABLE events ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
    part, lower, upper);
END $$;

CREATE TABLE retention (
  id             smallint PRIMARY KEY CHECK (id = 1),
  events_from    bigint NOT NULL
);
INSERT INTO retention (id, events_from) VALUES (1, 0);

-- Text, not jsonb: the bytes are hashed.
CREATE TABLE journal (
  seq           bigint PRIMARY KEY,
  committed_at  bigint NOT NULL,
  changes       text   NOT NULL,
  top           text,
  previous_hash text   NOT NULL,
  hash          text   NOT NULL
);
CREATE TABLE journal_head (
  id            smallint PRIMARY KEY CHECK (id = 1),
  seq           bigint NOT NULL,
  committed_at  bigint NOT NULL,
  hash          text   NOT NULL
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
INSERT INTO journal_head (id, seq, committed_at, hash)
VALUES (1, 0, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- The runtime role: whoever runs the workers is granted it. It adds events and journal entries and
-- reads them, and can neither change nor delete one.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'scoreboard_runtime') THEN
    CREATE ROLE scoreboard_runtime NOLOGIN;
  END IF;
END $$;
DO $$
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO scoreboard_runtime', current_schema());
END $$;
GRANT SELECT, INSERT, UPDATE ON users, identities, players, sessions, refresh_tokens, scores TO scoreboard_runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON login_attempts TO scoreboard_runtime;
GRANT SELECT, INSERT ON events, journal TO scoreboard_runtime;
GRANT SELECT, UPDATE ON journal_head TO scoreboard_runtime;
GRANT SELECT ON boards, retention, schema_migrations TO scoreboard_runtime;
REVOKE ALL ON FUNCTION make_event_partition(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_event_partition(bigint) TO scoreboard_runtime;
