# SPDX-License-Identifier: Apache-2.0
"""Small disks, to be filled: a file system in a file, which takes root and a loop device."""
import fcntl
import os
import subprocess
import tempfile
from pathlib import Path

# From <linux/fs.h>: the file system stops at once, and what its log has not got by then it never gets.
SHUTDOWN = 0x8004587D
WITHOUT_FLUSHING = b"\x02\0\0\0"


def mount(directory, image, size="200M"):
    subprocess.run(["truncate", "-s", size, image], check=True)
    subprocess.run(["/sbin/mkfs.ext4", "-q", "-m", "0", image], check=True)
    return subprocess.run(["mount", "-o", "loop", image, directory], check=False,
                          capture_output=True).returncode == 0


def can_mount():
    if os.geteuid() != 0 or not Path("/sbin/mkfs.ext4").exists():
        return False
    with tempfile.TemporaryDirectory() as directory:
        mounted = Path(directory) / "mounted"
        mounted.mkdir()
        if not mount(mounted, Path(directory) / "disk.img"):
            return False
        subprocess.run(["umount", mounted], check=True)
        return True


class Disk:
    """Mounted on `directory`, which it makes, for the user postgres; takes what it holds from
    `image`, a file that is as large as what was written."""

    def __init__(self, directory, image, size):
        self.directory = directory
        self.image = image
        directory.mkdir()
        assert mount(directory, image, size)
        (directory / "lost+found").rmdir()
        subprocess.run(["chown", "postgres", directory], check=True)
        directory.chmod(0o700)

    @property
    def filler(self):
        return self.directory / "filler"

    @property
    def full(self):
        return self.filler.exists()

    def fill(self):
        """To the last block. What is only set aside costs no writing."""
        with open(self.filler, "wb") as file:
            at, step = 0, 1 << 30
            while step >= 4096:
                try:
                    os.posix_fallocate(file.fileno(), at, step)
                    at += step
                except OSError:
                    step //= 2

    def empty(self):
        self.filler.unlink(missing_ok=True)

    def cut_off(self):
        """As by a power cut: what nobody waited for is lost, and whoever writes is told so."""
        descriptor = os.open(self.directory, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, SHUTDOWN, WITHOUT_FLUSHING)
        finally:
            os.close(descriptor)

    def put_back(self):
        """True once it is: nobody may use it any more."""
        if subprocess.run(["umount", self.directory], check=False, capture_output=True).returncode:
            return False
        subprocess.run(["mount", "-o", "loop", self.image, self.directory], check=True)
        return True

    def remove(self):
        subprocess.run(["umount", self.directory], check=True)
        self.image.unlink()
