"""Copy a large file without filling memory with it."""

from __future__ import annotations

import fcntl
import io
import mmap
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

_CLONE = 0x40049409  # FICLONE of <linux/fs.h>: the new file shares the blocks of the old one until either is written to
_PIECE = 8 << 20  # bytes


def copy_file(source: Path, target: Path) -> None:
    """Copy a file's bytes: blocks are shared where the file system can, else written past the system's page cache where it can.

    Gigabytes that are written through the cache drive out of memory what will be read next, and wait there to be synced.

    Raises:
        OSError: Where the source cannot be read or the target not be written.
    """
    if not (sys.platform == "linux" and (_clone(source, target) or _copy_past_cache(source, target))):
        shutil.copyfile(source, target)


def _clone(source: Path, target: Path) -> bool:
    """Whether the target now shares the source's blocks."""
    with suppress(OSError), source.open("rb") as old, target.open("wb") as new:
        fcntl.ioctl(new, _CLONE, old.fileno())
        return True
    return False


def _copy_past_cache(source: Path, target: Path) -> bool:
    """Whether the target was written so; what is no multiple of a device's blocks cannot, but a database is one of its pages."""
    with suppress(OSError), source.open("rb", buffering=0) as old, _open_direct(target) as new, mmap.mmap(-1, _PIECE) as room:
        while count := old.readinto(room):
            with memoryview(room)[:count] as piece:
                if new.write(piece) != count:
                    return False
        return True
    return False


def _open_direct(path: Path) -> io.FileIO:
    return io.FileIO(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_DIRECT, 0o666), "wb")
