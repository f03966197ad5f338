# SPDX-License-Identifier: Apache-2.0
"""What a package leaves on a machine, beside what every machine leaves."""

# Where everything that a machine does leaves traces, whoever does it.
ELSEWHERE = ("/proc /sys /dev /run /tmp /var/cache /var/lib/apt /var/lib/dpkg /var/log/journal"
             " /var/log/apt /var/log/dpkg.log /var/lib/postgresql /var/log/postgresql /var/lib/nginx"
             " /var/lib/logrotate /var/log/nginx /etc/letsencrypt /opt").split()


def files_of(machine):
    prune = " -o ".join(f"-path {path}" for path in ELSEWHERE)
    return set(machine.shell(f"find / \\( {prune} \\) -prune -o -print").stdout.splitlines())
