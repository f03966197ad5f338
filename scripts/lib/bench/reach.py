# SPDX-License-Identifier: Apache-2.0
"""How the other processes hear of an entry: polling, which is built, against LISTEN and NOTIFY, which
is not (docs/decisions/0007-telling-other-hosts.md). The NOTIFY is that of a trigger; the same trigger
without it is what it is compared with."""
import contextlib
import json
import os
import statistics
import subprocess
import time
from pathlib import Path

BIN = Path(os.environ["SCOREBOARD_BUILD_DIR"]) / "bin"

PLAYERS = 10_000
TARGET_MS = 50
TRIGGER = """CREATE OR REPLACE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM {what}; RETURN NULL; END $$;
DROP TRIGGER IF EXISTS tell ON journal_head;
CREATE TRIGGER tell AFTER UPDATE ON journal_head FOR EACH ROW EXECUTE FUNCTION tell();"""
TELLS = TRIGGER.format(what="pg_notify('journal', NEW.seq::text)")
TELLS_NOBODY = TRIGGER.format(what="NEW.seq::text")


def cpu_seconds(pids):
    """What each has used so far; to the nanosecond, not to the tick. Who ended is left out."""
    used = {}
    for pid in pids:
        with contextlib.suppress(FileNotFoundError), \
                open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
            used[pid] = int(file.read().split()[0]) / 1e9
    return used


class Reach:
    def __init__(self, bench):
        self.bench = bench
        self.cluster = bench.cluster(PLAYERS, True, "reach")

    def run(self, trigger, *arguments):
        self.cluster.psql(trigger, database="scoreboard")
        return self.bench.store(self.cluster.uri(), "--players", PLAYERS, "--seconds",
                                self.bench.seconds, *arguments, program="reach-bench")

    def rounds(self, *runs):
        """Three rounds of each in alternation; the middle one of each figure."""
        found = [[self.run(*one) for one in runs] for _ in range(3)]
        return [{key: statistics.median(round_[i][key] for round_ in found) for key in found[0][i]}
                for i in range(len(runs))]

    def measure(self):
        note = self.bench.note
        poll, often, listen = self.rounds(
            (TELLS_NOBODY,), (TELLS_NOBODY, "--poll-ms", 10), (TELLS, "--listen"))
        note("g", "updates a second that the writer reached / 2,000", poll["per_second"], 2000, None)
        note("g", f"known elsewhere at 2,000/s, polling each 25 ms: p99, ms / {TARGET_MS}",
             poll["reach_p99_ms"], TARGET_MS, 1, "less")
        note("g", "the same p99, ms / polling each 10 ms", poll["reach_p99_ms"],
             often["reach_p99_ms"], None)
        note("g", "the same p50, ms / with NOTIFY", poll["reach_p50_ms"], listen["reach_p50_ms"], None)
        note("g", "the same p99, ms / with NOTIFY", poll["reach_p99_ms"], listen["reach_p99_ms"], None)
        note("g", "update at 2,000/s with NOTIFY, p50 ms / without", listen["commit_p50_ms"],
             poll["commit_p50_ms"], None)
        note("g", "update at 2,000/s with NOTIFY, p99 ms / without", listen["commit_p99_ms"],
             poll["commit_p99_ms"], None)
        note("g", "processor of 3 followers at 2,000/s with NOTIFY, % / polling",
             listen["followers_cpu"] * 100, poll["followers_cpu"] * 100, None)
        for processes in (3, 15):
            fast = ("--rate", 0, "--processes", processes)
            poll, listen = self.rounds((TELLS_NOBODY, *fast), (TELLS, *fast, "--listen"))
            note("g", f"updates as fast as possible, {processes} followers, NOTIFY / polling",
                 listen["per_second"], poll["per_second"], None)
        self.idle()
        self.bench.end(self.cluster)

    def idle(self):
        """What following costs while nobody plays, in the processes and in their sessions."""
        def one(poll_ms):
            followers = subprocess.Popen(
                [BIN / "reach-bench", "--uri", self.cluster.uri(), "--idle", "--processes", "4",
                 "--poll-ms", str(poll_ms), "--seconds", str(self.bench.seconds + 2)],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
            time.sleep(1.5)
            pids = self.cluster.psql("SELECT pid FROM pg_stat_activity"
                                     " WHERE application_name = 'scoreboard'").split()
            before = cpu_seconds(pids)
            time.sleep(self.bench.seconds)
            after = cpu_seconds(pids)
            sessions = sum(after[pid] - before[pid] for pid in after) / self.bench.seconds
            return json.loads(followers.communicate()[0])["followers_cpu"] * 100, sessions * 100

        own, sessions = one(25)
        self.bench.note("g", "idle: % of a processor, 4 processes polling each 25 ms / each 100 ms",
                        own, one(100)[0], None)
        self.bench.note("g", "idle: % of a processor, their 4 sessions / the processes", sessions,
                        own, None)
