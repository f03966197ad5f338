# SPDX-License-Identifier: Apache-2.0
"""What a Prometheus on the board's host gets from it."""
import http.client
import re

SAMPLE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def get(port, path, method="GET", host=None):
    """(status, body) of the metrics server."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def text_of(port, worker):
    status, text = get(port, f"/metrics/{worker}")
    assert status == 200, text
    return text


class Samples:
    """Of one scrape, or of several added up."""

    def __init__(self, *texts):
        self.values = {}
        for text in texts:
            for line in text.splitlines():
                if line.startswith("#"):
                    continue
                name, labels, value = SAMPLE.match(line).groups()
                key = (name, frozenset(LABEL.findall(labels or "")))
                self.values[key] = self.values.get(key, 0) + float(value)

    def sum(self, name, **labels):
        """Of all series that have these labels; 0 if there is none."""
        return sum(value for (one, of), value in self.values.items()
                   if one == name and set(labels.items()) <= of)

    def __len__(self):
        return len(self.values)


def scraped(port, workers=2):
    return Samples(*(text_of(port, number) for number in range(1, workers + 1)))
