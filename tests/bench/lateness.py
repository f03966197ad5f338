# SPDX-License-Identifier: Apache-2.0
"""How late this machine wakes who wants to go on, which is in every time that is measured on it."""
import threading
import time

STEP_S = 0.005


class Lateness(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.worst_ms = 0.0
        self.ended = threading.Event()
        self.start()

    def run(self):
        while not self.ended.is_set():
            began = time.monotonic()
            time.sleep(STEP_S)
            self.worst_ms = max(self.worst_ms, (time.monotonic() - began - STEP_S) * 1000)

    def end(self):
        self.ended.set()
        self.join()
