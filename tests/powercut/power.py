"""A folder that a power cut hits: of its files only what was synced is there when the power comes back."""

from __future__ import annotations

import ctypes
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("volatile.c")
# What a system writes whole, or not at all: the length of a file ends where a page of it does, or at its end.
PAGE = 4096


@cache
def compiler() -> str | None:
    """A C compiler that finds the C library's headers; None where there is none, or no Linux."""
    found = shutil.which("cc") if sys.platform == "linux" else None
    probe = [str(found), "-E", "-include", "stdio.h", "-x", "c", os.devnull]
    works = found and subprocess.run(probe, capture_output=True, check=False).returncode == 0
    return found if works else None


needs_compiler = pytest.mark.skipif(
    compiler() is None, reason="There is no C compiler with headers (sudo apt install gcc libc6-dev)"
)


@dataclass
class Power:
    """The power of everything that works in a place's `disk`. `volatile.c` says what a cut leaves of that."""

    place: Path

    def __post_init__(self) -> None:
        flags = ["-O2", "-fPIC", "-shared", "-Wall", "-Wextra", "-Werror"]
        subprocess.run([str(compiler()), *flags, "-o", str(self.library), str(SOURCE)], check=True)
        self._new_platter()

    @property
    def folder(self) -> Path:
        """The folder whose files are volatile."""
        return self.place / "disk"

    @property
    def platter(self) -> Path:
        """What would be left of it."""
        return self.place / "platter"

    @property
    def library(self) -> Path:
        """What makes them so; its name is in the memory map of every process that it reached."""
        return self.place / "volatile.so"

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which a program is started whose files in the folder are to be volatile."""
        return {
            **os.environ,
            "LD_PRELOAD": str(self.library),
            "POWERCUT_FOLDER": str(self.folder),
            "POWERCUT_PLATTER": str(self.platter),
        }

    def settle(self) -> None:
        """Call everything that lies in the folder synced, as it is a minute after the last write."""
        find = ["find", str(self.folder), "-type", "f,d", "-exec", "sync", "{}", "+"]
        done = subprocess.run(find, env=self.environment, check=False, capture_output=True)
        # A file may be gone by the time that its turn comes; what the library itself says is another matter.
        assert b"volatile:" not in done.stderr, done.stderr

    def cut(self, seed: int | None = None) -> None:
        """Kill every process that works there, and leave of the folder what the platter holds.

        With a seed some of what was not synced is there as well: a disk may have written any part of it.
        """
        self._kill()
        if seed is not None:
            self._let_survive(random.Random(seed))
        shutil.rmtree(self.folder)
        shutil.copytree(self.platter / "files", self.folder, symlinks=True)
        shutil.rmtree(self.platter)
        self._new_platter()
        self.settle()

    def _new_platter(self) -> None:
        for place in (self.folder, self.platter / "files", self.platter / "inodes"):
            place.mkdir(parents=True, exist_ok=True)

    def _kill(self) -> None:
        while running := list(self._processes()):
            for number in running:
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            time.sleep(0.01)

    def _processes(self) -> Iterator[int]:
        for place in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                # The test itself looks into the library, too.
                if int(place.name) != os.getpid() and bytes(self.library) in (place / "maps").read_bytes():
                    yield int(place.name)

    def _let_survive(self, dice: random.Random) -> None:
        """Move some of what was written and not synced to the platter: any pages and lengths of files.

        How much is drawn for each cut, so there are cuts after which nearly all or nearly nothing is there.
        Names that were not synced are there all or none, since file systems keep directories in order.
        """
        kept, share = self.platter / "files", dice.random()
        names_survive = dice.random() < 0.5

        def happens() -> bool:
            return dice.random() < share

        roots = (self.folder, kept)
        for name in sorted({path.relative_to(root) for root in roots for path in root.rglob("*")}):
            here, there = self.folder / name, kept / name
            if here.is_symlink() or here.is_dir() or there.is_dir():
                continue
            if not here.exists():
                if names_survive:
                    there.unlink()
                continue
            synced = self._synced(here)
            # A name stands for the old file or for the new one, never for a mixture of both.
            if (there.exists() and synced.exists() and there.samefile(synced)) or names_survive:
                old = synced.read_bytes() if synced.exists() else b""
                there.parent.mkdir(parents=True, exist_ok=True)
                there.unlink(missing_ok=True)
                there.write_bytes(_mixed(here.read_bytes(), old, happens))

    def _synced(self, file: Path) -> Path:
        """Where the platter keeps what was synced of a file; that need not exist."""
        place = ctypes.create_string_buffer(os.pathconf("/", "PC_PATH_MAX"))
        ctypes.CDLL(str(self.library)).volatile_inode(bytes(file), bytes(self.platter), place)
        return Path(os.fsdecode(place.value))


def _mixed(new: bytes, old: bytes, happens: Callable[[], bool]) -> bytes:
    """A file's bytes of which some pages are new and some old, and the length is one of the two."""
    mixed = bytearray(old)
    for at in range(0, len(new), PAGE):
        page = new[at : at + PAGE]
        if page != old[at : at + PAGE] and happens():
            # What lies between two pages that made it and was never written is zeros.
            mixed.extend(bytes(max(0, at + len(page) - len(mixed))))
            mixed[at : at + len(page)] = page
    if happens():
        mixed = mixed[: len(new)] + bytes(max(0, len(new) - len(mixed)))
    return bytes(mixed)
