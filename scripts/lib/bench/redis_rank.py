# SPDX-License-Identifier: Apache-2.0
"""The same question asked of Redis, for the picture: a sorted set in its own process, without a word
to disk. Debian's redis-tools is enough: the server is the same file as redis-check-rdb, and it goes
by the name it is called with, so nothing is installed that would start by itself."""
import subprocess
import time


def rank_of(directory, members):
    """ZREVRANK of random members, one caller. Returns its p50 in ms, and the server's MiB."""
    socket = directory / "redis.sock"
    server = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", ""],
        executable="/usr/bin/redis-check-rdb", stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, cwd=directory)
    try:
        deadline = time.monotonic() + 10
        while not socket.exists():
            if time.monotonic() > deadline:
                raise SystemExit("redis-server did not start")
            time.sleep(0.05)
        call = ["redis-cli", "-s", str(socket)]
        loader = subprocess.Popen([*call, "--pipe"], stdin=subprocess.PIPE, text=True,
                                  stdout=subprocess.DEVNULL)
        for n in range(1, members + 1):
            loader.stdin.write(f"ZADD board {n * 2654435761 % 100000 + 1} {n:012d}\r\n")
        loader.stdin.close()
        if loader.wait() != 0:
            raise SystemExit("redis-cli --pipe failed")
        told = subprocess.run(
            ["redis-benchmark", "-s", str(socket), "-c", "1", "-n", "20000", "-r", str(members),
             "--precision", "3", "--csv", "zrevrank", "board", "__rand_int__"],
            check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
        names, values = (line.replace('"', "").split(",") for line in told.splitlines()[:2])
        memory = subprocess.run([*call, "info", "memory"], check=True, capture_output=True,
                                text=True, stdin=subprocess.DEVNULL).stdout
        used = next(int(line.split(":")[1]) for line in memory.splitlines()
                    if line.startswith("used_memory_rss:"))
        return float(values[names.index("p50_latency_ms")]), used / 2**20
    finally:
        server.terminate()
        server.wait(timeout=30)
