# SPDX-License-Identifier: Apache-2.0
"""Fills a migrated database with players who have a running session, and scores if wanted: what load
needs, without an hour of logins. Not a board to keep: these scores have no events."""
import subprocess

USER = "'00000000-0000-4000-8000-' || {digits12}"
EXPIRES = 4102444800000000  # 2100


def statements(players, first, scores_from, digits12, digits32, series):
    """`series(first, last)`: a table n of numbers. The same players on both engines."""
    numbers = series(first, players)
    found = [
        "INSERT INTO users (id, public_id, reference, username, username_key, email, email_key,"
        f" display_name, password_hash, created_at) {{overriding}} SELECT n, {USER.format(digits12=digits12)},"
        f" {digits32}, 'player' || n, 'player' || n, n || '@load.example', n || '@load.example',"
        f" 'player' || n, '', 0 FROM {numbers}",
        f"INSERT INTO players (user_id) SELECT n FROM {numbers}",
        "INSERT INTO sessions (id, user_id, created_at, expires_at)"
        f" SELECT {digits32}, n, 0, {EXPIRES} FROM {numbers}",
    ]
    if scores_from:
        # Spread over 100,000 scores without a pattern (Knuth's multiplicative hash).
        found.append("INSERT INTO scores (board_id, period_start, user_id, score, reached)"
                     f" SELECT 1, 0, n, (n * 2654435761) % 100000 + 1, n FROM {numbers}")
        # What is awarded from now on was reached later than all of these.
        found.append(f"UPDATE journal_head SET seq = {players} / 256 + 1")
    return found


def fill_postgresql(cluster, players, scores=False, database="scoreboard"):
    sql = statements(players, 1, scores, "lpad(n::text, 12, '0')", "lpad(n::text, 32, '0')",
                     lambda first, last: f"generate_series({first}::bigint, {last}) AS n")
    for one in sql:
        cluster.psql("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; "
                     + one.format(overriding="OVERRIDING SYSTEM VALUE"), database=database)
    # Who registers on this board comes after them.
    cluster.psql(f"SELECT setval(pg_get_serial_sequence('users', 'id'), {players})", database=database)
    cluster.psql("VACUUM (ANALYZE, FREEZE)", database=database)


def fill_sqlite(file, players, scores=False):
    sql = statements(players, 1, scores, "printf('%012d', n)", "printf('%032d', n)",
                     lambda first, last: f"(SELECT value AS n FROM generate_series({first}, {last}))")
    subprocess.run(["sqlite3", str(file)], check=True, text=True, stdout=subprocess.DEVNULL,
                   input=".bail on\nBEGIN;\n" + ";\n".join(s.format(overriding="") for s in sql)
                   + ";\nCOMMIT;\n")
