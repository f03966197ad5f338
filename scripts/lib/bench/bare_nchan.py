# SPDX-License-Identifier: Apache-2.0
"""What the board is compared with: stock Nginx and Nchan with nothing around them, one location to
publish and one to subscribe, on a TCP port."""
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from certificate import make_certificate
from supervisor import allow_files

CONFIG = """{user}
load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/error.log warn;
events {{ worker_connections {connections}; }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{
    listen 127.0.0.1:{port}{tls};
{certificate}    location = /pub {{
      nchan_publisher;
      nchan_channel_id board;
      nchan_message_buffer_length 1;
      nchan_message_timeout 0;
    }}
    location = /sub {{
      nchan_subscriber websocket eventsource;
      nchan_channel_id board;
      nchan_subscriber_first_message oldest;
    }}
  }}
}}
"""


class BareNchan:
    def __init__(self, port, subscribers, tls=False):
        self.port = port
        self.subscribers = subscribers
        self.tls = tls
        self.directory = Path(tempfile.mkdtemp(prefix="sbnchan"))

    def arguments(self):
        """For fanout-bench, which also needs a message: where it is, and how its board is changed."""
        return ["--port", self.port, *(["--tls"] if self.tls else []), "--path", "/sub",
                "--publish", "/pub"]

    def start(self):
        certificate = ""
        if self.tls:
            files = make_certificate(self.directory)
            certificate = "    ssl_certificate {};\n    ssl_certificate_key {};\n".format(*files)
        config = self.directory / "nginx.conf"
        config.write_text(CONFIG.format(
            user="user root;" if os.geteuid() == 0 else "", directory=self.directory,
            port=self.port, connections=self.subscribers + 1024,
            tls=" ssl" if self.tls else "", certificate=certificate))
        self.process = subprocess.Popen(
            ["/usr/sbin/nginx", "-e", self.directory / "error.log", "-c", config],
            stdin=subprocess.DEVNULL, preexec_fn=lambda: allow_files(self.subscribers + 2048))
        deadline = time.monotonic() + 10
        while not (self.directory / "nginx.pid").exists():
            if time.monotonic() > deadline or self.process.poll() is not None:
                told = (self.directory / "error.log").read_text()
                self.stop()
                raise RuntimeError(told)
            time.sleep(0.02)
        return self

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)
        shutil.rmtree(self.directory, ignore_errors=True)
