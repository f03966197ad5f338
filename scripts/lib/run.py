# SPDX-License-Identifier: Apache-2.0
"""scripts/run once everything is built: start, watch and stop one board."""
import argparse
import fcntl
import json
import os
import signal
import ssl
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from layout import Layout, SetupError, TOP  # noqa: E402
from nginx_files import check_origin  # noqa: E402
from ports import Ports, PortTaken  # noqa: E402
from postgresql import Cluster  # noqa: E402
from supervisor import Supervisor  # noqa: E402

READY_SECONDS = 30


def origin(text):
    try:
        return check_origin(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from fault


def read_arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/run", description="Starts a live scoreboard on this machine.")
    parser.add_argument("--port", type=int,
                        help="of the page and the API (8080, or 8443 with --tls)")
    parser.add_argument("--tls", action="store_true",
                        help="serve https, with a certificate that the board signs itself")
    parser.add_argument("--redirect-port", type=int, default=8080,
                        help="with --tls: plain http, which leads to https (8080)")
    parser.add_argument("--data", default=str(TOP / ".scoreboard"),
                        help="directory for everything that is written (.scoreboard)")
    parser.add_argument("--database", metavar="URI",
                        help="for a new data directory: postgresql for a PostgreSQL of the board's "
                        "own, or the URI of a database (SQLite in the data directory)")
    parser.add_argument("--workers", type=int, default=2, help="worker processes (2)")
    parser.add_argument("--limit-loopback", action="store_true",
                        help="apply the limits per address to this machine's own requests too")
    parser.add_argument("--allow-origin", type=origin, action="append", default=[], metavar="ORIGIN",
                        help="pages of this origin may call the API and watch; may be given again")
    parser.add_argument("--metrics", type=int, metavar="PORT",
                        help="serve the workers' metrics on this port of 127.0.0.1: /metrics/1 ...")
    parser.add_argument("--detach", action="store_true", help="return once the board is ready")
    parser.add_argument("--stop", action="store_true", help="stop the board of --data")
    arguments = parser.parse_args()
    if arguments.port is None:
        arguments.port = 8443 if arguments.tls else 8080
    if not 1 <= arguments.redirect_port <= 65535 or (
            arguments.tls and arguments.redirect_port == arguments.port):
        parser.error("--redirect-port must be from 1 to 65535 and not --port")
    if not 1 <= arguments.port <= 65535:
        parser.error("--port must be from 1 to 65535")
    if arguments.metrics is not None and (
            not 1 <= arguments.metrics <= 65535 or arguments.metrics == arguments.port or
            (arguments.tls and arguments.metrics == arguments.redirect_port)):
        parser.error("--metrics must be from 1 to 65535 and a port of its own")
    if not 1 <= arguments.workers <= 16:
        parser.error("--workers must be from 1 to 16")
    return arguments


def running_pid(data):
    """The supervisor of this data directory, if there is one: it holds the lock of its pid file."""
    try:
        with open(Path(data).resolve() / "run" / "supervisor.pid", encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return None
            except BlockingIOError:
                return int(file.read())
    except (FileNotFoundError, ValueError):
        return None


def stop(data):
    pid = running_pid(data)
    if pid is None:
        print("No board is running there.")
        return 0
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 10
    while running_pid(data) is not None:
        if time.monotonic() > deadline:
            print(f"The board (process {pid}) did not stop.", file=sys.stderr)
            return 1
        time.sleep(0.02)
    print("Stopped.")
    return 0


def url(arguments):
    return f"{'https' if arguments.tls else 'http'}://127.0.0.1:{arguments.port}"


def ready(board_url):
    # This machine is asked directly: urllib would send even 127.0.0.1 through http_proxy. Whose
    # certificate it is does not matter for that question.
    unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}),
                                         urllib.request.HTTPSHandler(context=unverified))
    try:
        with direct.open(f"{board_url}/api/health/ready", timeout=2) as answer:
            return json.load(answer)["status"] == "ready"
    except (OSError, ValueError, KeyError):
        return False


def wait_until_ready(layout, board_url, alive):
    deadline = time.monotonic() + READY_SECONDS
    while not ready(board_url):
        if not alive() or time.monotonic() > deadline:
            tails = []
            for log in sorted(layout.log.glob("*.log")):
                lines = log.read_text(errors="replace").splitlines()[-5:]
                tails += [f"--- {log}"] + lines
            raise SetupError("the board did not become ready:\n" + "\n".join(tails))
        time.sleep(0.05)


def announce(arguments):
    data = "" if arguments.data == str(TOP / ".scoreboard") else f" --data {arguments.data}"
    print(f"\nScoreboard is live: {url(arguments)}/\n")
    if not arguments.tls:
        print("  players that play by themselves:  "
              f"{os.environ['SCOREBOARD_BUILD_DIR']}/bin/scoreboardctl demo --url {url(arguments)}")
    if arguments.metrics:
        print(f"  metrics:  http://127.0.0.1:{arguments.metrics}/metrics/1 to {arguments.workers}")
    print(f"  stop:  {'scripts/run --stop' + data if arguments.detach else 'Ctrl-C'}", flush=True)


def supervise(layout, cluster, ports, started):
    """In the process that stays. Its pid file's lock says that it lives; the ports are free before that
    is."""
    with open(layout.pid_file("supervisor"), "a+", encoding="ascii") as pid_file, ports:
        try:
            fcntl.flock(pid_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SetupError("a board is running on this data directory already") from None
        pid_file.truncate(0)
        pid_file.write(f"{os.getpid()}\n")
        pid_file.flush()

        def database_ready():
            cluster.make_board()
            layout.ctl("migrate")

        Supervisor(layout, cluster, database_ready).run(started)


def detach(layout, cluster, ports, board_url):
    """A session of its own for the supervisor; returns in the caller once the board is ready."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.setsid()
            null = os.open(os.devnull, os.O_RDWR)
            log = os.open(layout.log / "supervisor.log",
                          os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
            for descriptor, into in ((null, 0), (log, 1), (log, 2)):
                os.dup2(descriptor, into)
            supervise(layout, cluster, ports, lambda: None)
            status = 0
        finally:
            os._exit(status)
    try:
        wait_until_ready(layout, board_url, lambda: os.waitpid(pid, os.WNOHANG)[0] == 0)
    except SetupError:
        stop(layout.data)  # nothing half-started stays behind
        raise


def own_cluster(layout, database):
    """The board's own PostgreSQL, if it was asked for now or when the data directory was made."""
    directory = layout.data / "postgresql"
    if not directory.exists() and (database != "postgresql" or layout.config.exists()):
        return None
    cluster = Cluster(directory)
    if cluster.user is not None:
        layout.let_through(directory)
    try:
        cluster.initialize()
    except RuntimeError as fault:
        raise SetupError(str(fault)) from fault
    return cluster


def start(arguments):
    layout = Layout(arguments.data, arguments.port, arguments.workers)
    if running_pid(arguments.data) is not None:
        raise SetupError(f"a board is running on {layout.data} already; "
                         "stop it with scripts/run --stop, or choose another --data")
    ports = Ports()
    ports.take(arguments.port, "--port")
    if arguments.tls:
        ports.take(arguments.redirect_port, "--redirect-port")
    if arguments.metrics:
        ports.take(arguments.metrics, "--metrics")
    layout.make_directories()
    cluster = own_cluster(layout, arguments.database)
    layout.write_config(arguments.database, cluster)
    layout.make_keys()
    if cluster is None:
        layout.ctl("migrate")
    layout.render(arguments.limit_loopback, arguments.tls, arguments.redirect_port,
                  tuple(arguments.allow_origin), arguments.metrics)
    if arguments.detach:
        detach(layout, cluster, ports, url(arguments))
        announce(arguments)
        return

    def started():
        # The signals that end it are blocked here, so Ctrl-C during the wait is heard after it.
        wait_until_ready(layout, url(arguments), lambda: True)
        announce(arguments)

    supervise(layout, cluster, ports, started)


def main():
    arguments = read_arguments()
    try:
        if arguments.stop:
            return stop(arguments.data)
        start(arguments)
        return 0
    except (SetupError, PortTaken, PermissionError) as fault:
        print(f"scripts/run: {fault}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
