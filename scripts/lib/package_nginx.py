# SPDX-License-Identifier: Apache-2.0
"""The Nginx configuration as the Debian package installs it: what an administrator changes stands in
files of its own (the site, workers.conf, origins.conf), so that an upgrade can replace the rest.

    package_nginx.py DIRECTORY
"""
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from nginx_files import Site, render, worker_servers  # noqa: E402

NGINX = Path("/etc/scoreboard/nginx")
NAME = "scores.example"  # until scoreboard-site has written NAMED
# Shipped by nobody: what a program writes must not be a conffile.
NAMED = NGINX / "name.conf"
LICENCE = "# SPDX-License-Identifier: Apache-2.0\n"
SOCKETS = [f"/run/scoreboard/worker-{number}.sock" for number in (1, 2)]
WORKERS = LICENCE + """# Each worker's socket: scoreboard@1.socket and so on; twice, because a request that sees both of two
# workers die is sent to their successors. The live Nginx asks the first two, whatever stands here.
# Each process of the edge asks a worker for at most so many things at once and refuses the rest.
""" + "".join(f"{line}\n" for line in worker_servers(SOCKETS))
ORIGINS = LICENCE + """# Pages of other origins that may call the API, a line each, by their exact names:
#"https://app.example" "https://app.example";
"""


def site():
    certificates = f"/etc/letsencrypt/live/{NAME}"
    return Site(
        into=NGINX, runtime=Path("/run/scoreboard"), log=Path("/var/log/scoreboard"),
        snapshot=Path("/run/scoreboard/board"), html=Path("/usr/share/scoreboard/html"),
        worker_sockets=SOCKETS, workers_file=str(NGINX / "workers.conf"), origins_file=str(NGINX / "origins.conf"),
        subscribe_socket=Path("/run/scoreboard/watch/subscribe.sock"),
        live_state=Path("/run/scoreboard-live"), live_log="stderr",
        tls=True, listen=["443", "[::]:443"], listen_plain=["80", "[::]:80"], server_name=NAME,
        certificate=f"{certificates}/fullchain.pem",
        certificate_key=f"{certificates}/privkey.pem")


def named(text):
    """The site with its name and certificate in a file of their own."""
    here = site()
    for line, instead in ((f"  server_name {NAME};\n", f"  include {NAMED};\n"),
                          (f"  ssl_certificate {here.certificate};\n", ""),
                          (f"  ssl_certificate_key {here.certificate_key};\n", ""),
                          (" certbot may edit the two certificate lines.\n",
                           f"\n# scoreboard-site writes {NAMED}: the name and the certificate.\n")):
        assert line in text, line
        text = text.replace(line, instead)
    assert NAME not in text
    return text


def write(root):
    """Everything below `root` as below /."""
    into = root / NGINX.relative_to("/")
    with tempfile.TemporaryDirectory() as made:
        render(site(), Path(made))
        for folder in ("live", "snippets", "fail2ban"):
            shutil.copytree(Path(made) / folder, into / folder)
        available = root / "etc/nginx/sites-available"
        available.mkdir(parents=True)
        for made_as, name in (("site-tls", "scoreboard"), ("metrics", "scoreboard-metrics")):
            text = (Path(made) / "edge" / f"{made_as}.conf").read_text()
            (available / f"{name}.conf").write_text(named(text) if name == "scoreboard" else text)
    (into / "workers.conf").write_text(WORKERS)
    (into / "origins.conf").write_text(ORIGINS)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
