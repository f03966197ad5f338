-- SPDX-License-Identifier: Apache-2.0
-- Moments are microseconds since 1970-01-01T00:00:00Z. Never edited once released.

-- One row per person. `reference` stands for the user in the journal: random, so that erasing
-- this row leaves a chain that still verifies and names nobody.
CREATE TABLE users (
  id            INTEGER PRIMARY KEY,
  public_id     TEXT    NOT NULL UNIQUE,
  reference     TEXT    NOT NULL UNIQUE,
  username      TEXT    NOT NULL,
  username_key  TEXT    NOT NULL UNIQUE,          -- lower case: unique without regard to case
  email         TEXT    NOT NULL,
  email_key     TEXT    UNIQUE,                   -- NULL: none, as email is then empty
  display_name  TEXT    NOT NULL,
  password_hash TEXT    NOT NULL,
  request_id    TEXT    NOT NULL DEFAULT '',      -- that made the row: Nginx may send it again
  created_at    INTEGER NOT NULL
) STRICT;

-- Who a user is to another issuer, whose token made the user. A subject is the issuer's own and
-- means nothing without it.
CREATE TABLE identities (
  user_id       INTEGER PRIMARY KEY REFERENCES users (id),
  issuer        TEXT    NOT NULL,
  subject       TEXT    NOT NULL,
  created_at    INTEGER NOT NULL,
  UNIQUE (issuer, subject)
) STRICT;

-- What an award locks: one narrow row per user, so that counting never rewrites the wide one.
CREATE TABLE players (
  user_id       INTEGER PRIMARY KEY REFERENCES users (id),
  -- How many actions were counted. The event `event_number - limit + 1` tells when the sliding
  -- window opens again: one look-up, never a count.
  event_number  INTEGER NOT NULL DEFAULT 0 CHECK (event_number >= 0)
) STRICT;

CREATE TABLE sessions (
  id            TEXT    PRIMARY KEY,
  user_id       INTEGER NOT NULL REFERENCES users (id),
  created_at    INTEGER NOT NULL,
  expires_at    INTEGER NOT NULL,
  ended_at      INTEGER
) STRICT, WITHOUT ROWID;
-- What every host asks each second, to close the live connections of sessions that ended elsewhere.
CREATE INDEX sessions_by_end ON sessions (ended_at) WHERE ended_at IS NOT NULL;

-- Every refresh token that was ever handed out in a session's life, as SHA-256. A used one that
-- comes back ends its session, or within ten seconds is answered its successor again.
CREATE TABLE refresh_tokens (
  hash          TEXT    PRIMARY KEY,
  session_id    TEXT    NOT NULL REFERENCES sessions (id),
  issued_at     INTEGER NOT NULL,
  used_at       INTEGER,
  successor     TEXT    NOT NULL DEFAULT ''       -- the hash of the token it was swapped for
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- Passwords that were tried. Keys are digests with a key of the action key file: nobody is named.
-- What is expired is deleted a few rows at a time, by whoever tries next.
CREATE TABLE login_attempts (
  key           TEXT    PRIMARY KEY,              -- an account, or an account and a network
  failures      INTEGER NOT NULL CHECK (failures >= 0),
  last_at       INTEGER NOT NULL,
  expires_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX login_attempts_by_expiry ON login_attempts (expires_at);

-- A board begins again with each of its periods; the all-time board has one, which starts at 0.
CREATE TABLE boards (
  id            INTEGER PRIMARY KEY,
  name          TEXT    NOT NULL UNIQUE
) STRICT;
INSERT INTO boards (id, name) VALUES (1, 'all'), (2, 'day'), (3, 'week'), (4, 'month');

-- Written only for players that the same transaction has locked: no foreign keys to check.
CREATE TABLE scores (
  board_id      INTEGER NOT NULL,
  period_start  INTEGER NOT NULL,
  user_id       INTEGER NOT NULL,
  score         INTEGER NOT NULL CHECK (score > 0),
  reached       INTEGER NOT NULL,                 -- journal seq * 256 + position: the tie-break
  PRIMARY KEY (board_id, period_start, user_id)
) STRICT, WITHOUT ROWID;
-- Read backwards it is the board; read forwards it feeds the counts for ranks. Every score is above
-- 0: the condition is there so that only statements that say so can use it, and a planner that knows
-- nothing of a young table yet does not look one player up in it.
CREATE INDEX scores_in_order ON scores (board_id, period_start, score, reached DESC)
  WHERE score > 0;

-- Append-only. The receipt (previous, current, rank) is stored with the event and is what every
-- repeat of the action is answered. Old ones leave by `scoreboardctl retention`.
CREATE TABLE events (
  user_id        INTEGER NOT NULL,
  action_id      TEXT    NOT NULL,
  number         INTEGER NOT NULL,                -- the player's own count: 1, 2, 3, ...
  contract       TEXT    NOT NULL CHECK (contract IN ('update', 'increment')),
  payload        TEXT    NOT NULL,
  points         INTEGER NOT NULL CHECK (points > 0),
  previous_score INTEGER NOT NULL,                -- all-time, like the next two
  current_score  INTEGER NOT NULL,
  rank           INTEGER NOT NULL,
  periods        TEXT    NOT NULL,                -- JSON [[board, start, previous, current, rank]]
  reached        INTEGER NOT NULL UNIQUE,
  accepted_at    INTEGER NOT NULL,
  session_id     TEXT    NOT NULL,
  request_id     TEXT    NOT NULL,
  address        TEXT    NOT NULL,
  user_agent     TEXT    NOT NULL,
  device_id      TEXT    NOT NULL,
  PRIMARY KEY (user_id, action_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX events_by_number ON events (user_id, number) WHERE number > 0;
CREATE TRIGGER events_are_kept_as_written BEFORE UPDATE ON events
BEGIN SELECT RAISE (ABORT, 'events are append-only'); END;

-- One row: events accepted before this moment may be gone.
CREATE TABLE retention (
  id             INTEGER PRIMARY KEY CHECK (id = 1),
  events_from    INTEGER NOT NULL
) STRICT;
INSERT INTO retention (id, events_from) VALUES (1, 0);

-- Numbered without gaps in commit order. docs/journal.md has the bytes that are hashed.
CREATE TABLE journal (
  seq           INTEGER PRIMARY KEY,
  committed_at  INTEGER NOT NULL,
  changes       TEXT    NOT NULL,                 -- JSON, one element per counted action
  top           TEXT,                             -- JSON [[public_id, score], ...] if it changed
  previous_hash TEXT    NOT NULL,
  hash          TEXT    NOT NULL
) STRICT;
-- One row: the lock under which the next number is taken, held until COMMIT.
CREATE TABLE journal_head (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  seq           INTEGER NOT NULL,
  committed_at  INTEGER NOT NULL,
  hash          TEXT    NOT NULL
) STRICT;
INSERT INTO journal_head (id, seq, committed_at, hash)
VALUES (1, 0, 0, '0000000000000000000000000000000000000000000000000000000000000000');
