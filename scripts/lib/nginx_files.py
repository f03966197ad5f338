# SPDX-License-Identifier: Apache-2.0
"""The Nginx configuration of one board: the templates of nginx/ with its paths and names."""
import re
from dataclasses import dataclass, field
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
ORIGIN = re.compile(r"https?://(?P<host>[a-z0-9.-]+|\[[0-9a-f:]+\])(:(?P<port>[1-9][0-9]{0,4}))?")
DEFAULT_PORTS = {"http": "80", "https": "443"}


@dataclass
class Site:
    """What a template can ask for. Paths are absolute."""
    into: Path           # where the files go
    runtime: Path        # sockets, pids, the blocked addresses
    log: Path
    snapshot: Path       # the publisher's boards
    worker_sockets: list = field(default_factory=list)
    workers_file: str = ""         # that lists them instead, for the edge
    subscribe_socket: Path = None  # of the live Nginx; runtime/live/subscribe.sock
    live_state: Path = None        # its pid and temporary files; runtime
    live_log: str = ""             # where its errors go; log/live-error.log
    html: Path = TOP / "nginx" / "html"
    user_directive: str = ""
    edge_priority: str = ""        # for which it must be root's
    tls: bool = False
    listen: list = field(default_factory=list)         # addresses with ports: of the board
    listen_plain: list = field(default_factory=list)   # with TLS: of what leads there
    server_name: str = "_"
    redirect_host: str = "$server_name"
    certificate: str = ""
    certificate_key: str = ""
    acme: str = "/var/www/html"
    limit_loopback: bool = True
    allowed_origins: tuple = ()
    origins_file: str = ""         # that lists them instead
    block_seconds: int = 300
    metrics_port: int = 9464           # of edge/metrics.conf, on loopback
    with_metrics: bool = False         # scripts/run: include it
    watchers: int = 0                  # live connections wanted: each is two of the edge's, one of Nchan's


def check_origin(origin):
    """`origin` as browsers spell it, or ValueError."""
    parts = ORIGIN.fullmatch(origin)
    scheme = origin.partition(":")[0]
    if not parts or parts["port"] == DEFAULT_PORTS.get(scheme):
        raise ValueError(f"{origin!r} is no origin as browsers send it, such as https://app.example "
                         "or http://app.example:8080: lower case, no path, no default port")
    return origin


# What a process of the edge has under way at one worker, on its first line and on its second.
PLACES, PLACES_AGAIN = 16, 4


def worker_servers(sockets):
    """Each twice: Nginx sends a request to each line once, and a request may see its worker die, then
    the other one, and then finds the successor of the first."""
    return [f"server unix:{path} max_fails=0 {more};"
            for more in (f"max_conns={PLACES}", f"max_conns={PLACES_AGAIN} backup")
            for path in sockets]


def hook_servers(sockets):
    """For the live Nginx, which refuses nothing: it has few things to say, and each is said once."""
    return [f"server unix:{path} max_fails=0;" for path in sockets]


def words_of(site):
    def listens(addresses, more=""):
        return "\n".join(f"  listen {address}{more};" for address in addresses)

    return {
        "@USER_DIRECTIVE@": site.user_directive,
        "@EDGE_PRIORITY@": site.edge_priority,
        "@RUNTIME@": str(site.runtime),
        "@LOG@": str(site.log),
        "@NGINX@": str(site.into),
        "@SNAPSHOT@": str(site.snapshot),
        "@HTML@": str(site.html),
        "@WORKER_SERVERS@": (
            f"  include {site.workers_file};" if site.workers_file else
            "\n".join(f"  {line}" for line in worker_servers(site.worker_sockets))),
        "@HOOK_SERVERS@": "\n".join(f"    {line}" for line in hook_servers(site.worker_sockets)),
        "@SUBSCRIBE@": str(site.subscribe_socket or site.runtime / "live" / "subscribe.sock"),
        "@LIVE_STATE@": str(site.live_state or site.runtime),
        "@LIVE_LOG@": site.live_log or str(site.log / "live-error.log"),
        "@SITE@": "site-tls" if site.tls else "site-plain",
        "@LISTEN@": listens(site.listen),
        "@LISTEN_TLS@": listens(site.listen, " ssl http2"),
        "@LISTEN_PLAIN@": listens(site.listen_plain),
        "@SERVER_NAME@": site.server_name,
        "@REDIRECT_HOST@": site.redirect_host,
        "@CERTIFICATE@": site.certificate,
        "@CERTIFICATE_KEY@": site.certificate_key,
        "@ACME@": site.acme,
        "@LOOPBACK_EXEMPTION@": "" if site.limit_loopback else "  127.0.0.0/8 0;\n  ::1/128 0;",
        "@ALLOWED_ORIGINS@": (
            f"  include {site.origins_file};" if site.origins_file else
            "\n".join(f'  "{check_origin(origin)}" "{origin}";'
                      for origin in site.allowed_origins)),
        "@BLOCK_SECONDS@": str(site.block_seconds),
        "@METRICS_PORT@": str(site.metrics_port),
        # Beside the watchers there are readers, and workers that are asked for them.
        "@EDGE_CONNECTIONS@": str(max(4096, 2 * site.watchers + 1024)),
        "@LIVE_CONNECTIONS@": str(max(10000, site.watchers + 1024)),
        "@METRICS@": f"  include {site.into}/edge/metrics.conf;" if site.with_metrics else "",
    }


def render(site, destination=None):
    """Into site.into, or for that place into `destination`."""
    words = words_of(site)
    templates = TOP / "nginx"
    for template in templates.rglob("*.conf"):
        text = template.read_text()
        for word, value in words.items():
            text = text.replace(word, value)
        into = (destination or site.into) / template.relative_to(templates)
        into.parent.mkdir(parents=True, exist_ok=True)
        into.write_text(text)
