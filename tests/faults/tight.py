"""How does a disk of a test get full?  A small one of its own, in memory, for which one must be the administrator."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests import servers

MEGABYTES = 48
BALLAST = "ballast"
PIECE = 4096


@contextmanager
def small_disk(directory: Path) -> Iterator[Path | None]:
    """A file system of its own at this directory; None where the test may not mount one."""
    directory.mkdir()
    mount = [servers.program("mount", "mount"), "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(directory)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        yield None
        return
    try:
        yield directory
    finally:
        subprocess.run([servers.program("umount", "mount"), "--lazy", str(directory)], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Not a byte is free in there."""
    ballast = disk / BALLAST
    try:
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(PIECE))
        yield
    finally:
        ballast.unlink(missing_ok=True)
