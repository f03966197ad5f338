# SPDX-License-Identifier: Apache-2.0
"""scripts/bench once everything is built: the measurements, one after the other."""
import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[2]
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent))
import redis_rank  # noqa: E402
from fill import fill_postgresql, fill_sqlite  # noqa: E402
from postgresql import BINARIES, OWNER, Cluster  # noqa: E402
from reach import Reach  # noqa: E402
from report import write_report  # noqa: E402

BIN = Path(os.environ["SCOREBOARD_BUILD_DIR"]) / "bin"
ONE_ROW = "INSERT INTO one_row (v) VALUES ('some forty bytes of text, as in a log');\n"


def read_arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--long", action="store_true",
                        help="ten million players too, and longer runs")
    parser.add_argument("--seconds", type=float, help="of one run (6; long: 20)")
    parser.add_argument("--only", help="only measurements whose name begins with this letter")
    parser.add_argument("--out", default=str(TOP / "docs" / "benchmarks"))
    return parser.parse_args()


def call(*command, **options):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} failed: {done.stdout[-500:]}{done.stderr[-500:]}")
    return done.stdout


class Bench:
    def __init__(self, arguments):
        self.seconds = arguments.seconds or (20 if arguments.long else 6)
        self.many = 10_000_000 if arguments.long else 1_000_000
        self.only = arguments.only
        self.rows = []
        self.directory = Path(tempfile.mkdtemp(prefix="sbbench"))
        self.directory.chmod(0o711)
        self.clusters = []

    def wanted(self, letter):
        return not self.only or letter.startswith(self.only)

    def note(self, letter, what, value, base, bar, better="more"):
        """One comparison. `bar`: the ratio to reach, or None for the picture."""
        ratio = value / base if base else 0
        met = None if bar is None else ratio >= bar if better == "more" else ratio <= bar
        self.rows.append({"part": letter, "what": what, "value": value, "base": base,
                          "ratio": ratio, "bar": bar, "better": better, "met": met})
        print(f"{letter}  {what:62s} {value:12.2f} / {base:12.2f} = {ratio:6.2f}"
              + ("" if bar is None else f"   (bar {bar}, {'met' if met else 'MISSED'})"), flush=True)

    # Databases.

    def cluster(self, players, scores, name):
        cluster = Cluster(self.directory / name)
        cluster.initialize()
        cluster.start()
        self.clusters.append(cluster)
        cluster.make_board()
        self.migrate(cluster.uri(OWNER))
        fill_postgresql(cluster, players, scores)
        cluster.psql("CREATE TABLE one_row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                     " v text)", database="scoreboard")
        script = cluster.directory / "one_row.sql"
        script.write_text(ONE_ROW)
        script.chmod(0o644)
        cluster.psql("CHECKPOINT")
        return cluster

    def migrate(self, uri):
        config = self.directory / "migrate.toml"
        config.write_text(f'[database]\nuri = "{uri}"\n')
        call(BIN / "scoreboardctl", "--config", config, "migrate")

    def pgbench(self, cluster, clients=32):
        out = cluster.call(BINARIES / "pgbench", "-n", "-f", cluster.directory / "one_row.sql",
                            "-c", clients, "-j", 2, "-T", max(2, int(self.seconds)), "-h",
                            cluster.directory, "-U", "postgres", "scoreboard")
        return float(next(line for line in out.splitlines() if "tps" in line).split()[2])

    def store(self, uri, *arguments, program="store-bench"):
        return json.loads(call(BIN / program, "--uri", uri, *arguments))

    def award(self, uri, players, *arguments, program="store-bench"):
        return self.store(uri, "award", "--players", players, "--seconds", self.seconds,
                          *arguments, program=program)

    def twice(self, first, second):
        """Alternating, the better of two rounds each: the other load of a machine comes and goes."""
        a1, b1, a2, b2 = first(), second(), first(), second()
        return max(a1, a2), max(b1, b2)

    # What is measured.

    def queue(self):
        players = 100_000
        cluster = self.cluster(players, True, "queue")
        uri = cluster.uri()

        def rate(*arguments, program="store-bench"):
            return lambda: self.award(uri, players, *arguments, program=program)["per_second"]

        best, commits = self.twice(rate("--callers", 128), lambda: self.pgbench(cluster))
        self.note("a", "queue, 128 callers / one-row INSERT commits, 32 clients", best, commits, 1.2)
        on, off = self.twice(rate(), rate("--direct"))
        self.note("b", "queue on / off (one transaction per action), 64 callers", on, off, 3)
        zipf, equal = self.twice(rate("--zipf"), rate())
        self.note("b", "unequal players (zipf) / equal ones", zipf, equal, 0.7)
        ranked, unranked = self.twice(rate(), rate(program="store-bench-unranked"))
        self.note("c", "award with its rank / without, us each", 1e6 / ranked, 1e6 / unranked, 1.15, "less")
        four, one = self.twice(rate("--boards", "day,week,month"), rate())
        self.note("e", "update on four boards / on one, us each", 1e6 / four, 1e6 / one, 1.8, "less")
        self.end(cluster)

    def many_players(self):
        few = self.cluster(100_000, True, "few")
        many = self.cluster(self.many, True, "many")
        label = f"{self.many:,} players"
        loaded = self.store(many.uri(), "load")
        self.note("c", f"seconds to load the counts of {label}", loaded["seconds"], 1, None)
        a, b = self.twice(lambda: self.award(many.uri(), self.many)["per_second"],
                          lambda: self.award(few.uri(), 100_000)["per_second"])
        self.note("c", f"update at {label} / at 100,000, us each", 1e6 / a, 1e6 / b, 1.3, "less")
        standing = self.store(many.uri(), "standing", "--players", self.many, "--seconds",
                              self.seconds * 2)
        self.note("c", f"own rank at {label}: p99 / SELECT 1", standing["standing"]["p99_ms"],
                  standing["select_1"]["p99_ms"], 4, "less")
        self.note("c", f"own rank at {label}: p50 / SELECT 1", standing["standing"]["p50_ms"],
                  standing["select_1"]["p50_ms"], None)
        began = time.monotonic()
        many.psql("SELECT count(*) FROM scores WHERE board_id = 1 AND period_start = 0"
                  " AND score > 50000", database="scoreboard")
        self.note("c", f"the same by count(*), ms / own rank p50 ({label})",
                  (time.monotonic() - began) * 1000, standing["standing"]["p50_ms"], None)
        redis_ms, redis_mib = redis_rank.rank_of(self.directory, self.many)
        self.note("c", f"own rank p50, ms / Redis ZREVRANK ({label}, a client's round trip)",
                  standing["standing"]["p50_ms"], redis_ms, None)
        self.note("f", f"MiB of a process with the counts of {label} / of Redis",
                  standing["resident_kib"] / 1024, redis_mib, None)
        self.note("f", f"MiB of a process with the counts of {label} / 64",
                  standing["resident_kib"] / 1024, 64, 1, "less")
        self.end(few)
        self.end(many)

    def sqlite(self):
        players = 100_000
        file = self.directory / "board.db"
        uri = f"sqlite://{file}"
        self.migrate(uri)
        fill_sqlite(file, players, scores=True)
        plain = self.directory / "plain.db"

        def commits():
            count, began = 0, time.monotonic()
            import sqlite3
            database = sqlite3.connect(plain, isolation_level=None)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute("CREATE TABLE IF NOT EXISTS one_row (id INTEGER PRIMARY KEY, v TEXT)")
            while time.monotonic() - began < self.seconds:
                for _ in range(50):
                    database.execute("INSERT INTO one_row (v) VALUES ('some forty bytes of text')")
                count += 50
            database.close()
            return count / (time.monotonic() - began)

        ours, base = self.twice(
            lambda: self.award(uri, players, "--callers", 128)["per_second"], commits)
        self.note("d", "SQLite queue, 128 callers / its own one-row commits", ours, base, 0.8)

    def http(self):
        players = 100_000
        data = self.directory / "board"
        environment = {**os.environ, "SCOREBOARD_LIMITS_AWARDS": "1000000"}
        port = "18099"
        run = [TOP / "scripts" / "run", "--data", data]
        call(*run, "--database", "postgresql", "--port", port, "--detach", env=environment)
        try:
            cluster = Cluster(data / "postgresql")
            fill_postgresql(cluster, players)
            cluster.psql("CREATE TABLE one_row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                         " v text)", database="scoreboard")
            (cluster.directory / "one_row.sql").write_text(ONE_ROW)
            (cluster.directory / "one_row.sql").chmod(0o644)
            load = [BIN / "load-bench", "--port", port, "--warmup", self.seconds / 4, "--seconds",
                    self.seconds, "--connections", 64]
            keys = ["--access-keys", data / "keys" / "access.jwks", "--action-keys",
                    data / "keys" / "action.jwks", "--players", players]
            answers = []

            def told(*arguments):
                answer = json.loads(call(*load, *arguments))
                if list(answer["status"]) != ["200"] or answer["broken"] or answer["timed_out"]:
                    raise SystemExit(f"not everything was answered 200: {answer}")
                return answer

            def updates():
                answers.append(told(*keys))
                return answers[-1]["per_second"]

            ours, commits = self.twice(updates, lambda: self.pgbench(cluster))
            self.note("a", "updates through Nginx, verified, 64 connections / INSERT commits", ours,
                      commits, 0.6)
            self.note("a", "their p99, ms / 40", min(a["all"]["p99_ms"] for a in answers), 40, 1, "less")
            html = TOP / "nginx" / "html"
            board = call("curl", "-s", f"http://127.0.0.1:{port}/api/leaderboard")
            static = html / "bench-static.json"
            static.write_text(board)
            try:
                def get(path):
                    return lambda: told("--kind", "get", "--path", path)["per_second"]
                ours, base = self.twice(get("/api/leaderboard"), get("/bench-static.json"))
                self.note("e", "GET /api/leaderboard / the same bytes as a static file", ours, base,
                          0.9)
            finally:
                static.unlink()
        finally:
            call(*run, "--stop")

    def end(self, cluster):
        cluster.stop()
        self.clusters.remove(cluster)
        shutil.rmtree(cluster.directory)

    def close(self):
        for cluster in self.clusters:
            cluster.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


def main():
    arguments = read_arguments()
    bench = Bench(arguments)
    began = time.monotonic()
    try:
        for letters, measure in (("abce", bench.queue), ("a", bench.http), ("d", bench.sqlite),
                                 ("cf", bench.many_players),
                                 ("g", lambda: Reach(bench).measure())):
            if not bench.only or bench.only in letters:
                measure()
    finally:
        bench.close()
    machine = {"cores": os.cpu_count(), "machine": platform.machine(),
               "load": os.getloadavg()[0], "minutes": (time.monotonic() - began) / 60,
               "seconds": bench.seconds, "long": arguments.long}
    write_report(Path(arguments.out), bench.rows, machine)
    return 0


if __name__ == "__main__":
    sys.exit(main())
