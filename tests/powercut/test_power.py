"""What a power cut leaves: programs that sync and programs that do not, and what is there afterwards."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.powercut.power import Power, needs_compiler

pytestmark = needs_compiler

# What each program finds written and synced long ago.
BEFORE = {"old": "old"}
HELPERS = """
import mmap, os
W, RW = os.O_WRONLY | os.O_CREAT, os.O_RDWR | os.O_CREAT
def file(name, flags=W): return os.open(name, flags)
def sync(name):
    place = os.open(name, os.O_RDONLY); os.fsync(place); os.close(place)
def write(name, text):
    place = file(name); os.write(place, text); return place
def mapped(place, length):
    os.ftruncate(place, length); return mmap.mmap(place, length)
"""
# Every program has a folder and a process of its own.
EACH = """
    if not os.fork():
        os.chdir(name); exec(program); os._exit(0)
    assert os.wait()[1] == 0, name
"""
PROGRAMS = {
    "nothing synced": ("write('new', b'new'); write('old', b'OLD')", BEFORE),
    "closing is not syncing": ("os.close(write('old', b'OLD'))", BEFORE),
    "fsync": ("os.fsync(write('new', b'new'))", BEFORE | {"new": "new"}),
    "fdatasync": ("os.fdatasync(write('old', b'OLDER'))", {"old": "OLDER"}),
    "written after the sync": (
        "a = write('new', b'1'); os.fsync(a); os.write(a, b'2')",
        BEFORE | {"new": "1"},
    ),
    "through another descriptor": ("a = write('new', b'1'); os.fsync(os.dup(a))", BEFORE | {"new": "1"}),
    "written by a child, synced by its parent": (
        "a = file('new')\nif not os.fork(): os.write(a, b'child'); os._exit(0)\nos.wait(); os.fsync(a)",
        BEFORE | {"new": "child"},
    ),
    "vectors, holes, and a cut end": (
        "a = file('new'); os.pwritev(a, [b'b', b''], 1); os.ftruncate(a, 2); os.fsync(a); os.ftruncate(a, 0)",
        BEFORE | {"new": "\0b"},
    ),
    "copied inside the system": (
        "a = file('new'); os.copy_file_range(os.open('old', 0), a, 3); os.fsync(a)",
        BEFORE | {"new": "old"},
    ),
    "mapped": (
        "a = file('new', RW); m = mapped(a, 3); m[:] = b'map'; os.fsync(a); m[:] = b'MAP'",
        BEFORE | {"new": "map"},
    ),
    "msync": (
        "a = file('new', RW); m = mapped(a, 3); m[:] = b'map'; m.flush(); m[:] = b'MAP'",
        BEFORE | {"new": "map"},
    ),
    "msync of one page of two": (
        "m = mapped(file('new', RW), 8192); m[0] = m[4096] = 65; m.flush(4096, 4096)",
        BEFORE | {"new": "\0" * 4096 + "A" + "\0" * 4095},
    ),
    "O_DSYNC": ("a = file('new', W | os.O_DSYNC); os.write(a, b'new')", BEFORE | {"new": "new"}),
    "O_SYNC, after something without": (
        "write('new', b'12'); a = file('new', W | os.O_SYNC); os.pwrite(a, b'B', 1)",
        BEFORE | {"new": "\0B"},
    ),
    "RWF_DSYNC": ("a = file('new'); os.pwritev(a, [b'n', b'w'], 0, os.RWF_DSYNC)", BEFORE | {"new": "nw"}),
    "a name without bytes": ("write('new', b'new'); sync('.')", BEFORE | {"new": ""}),
    "a rename without a directory sync": (
        "os.fsync(write('new', b'new')); os.rename('new', 'old')",
        BEFORE | {"new": "new"},
    ),
    "a rename with a directory sync": (
        "os.fsync(write('new', b'new')); os.rename('new', 'old'); sync('.')",
        {"old": "new"},
    ),
    "a rename before the file's own sync": (
        "a = write('new', b'new'); os.rename('new', 'old'); os.fsync(a)",
        {"old": "new"},
    ),
    "a deletion without a directory sync": ("os.unlink('old')", BEFORE),
    "a deletion with a directory sync": ("os.unlink('old'); sync('.')", {}),
    "deleted while open": ("a = write('old', b'OLD'); os.unlink('old'); os.fsync(a)", BEFORE),
    "made anew under the same name": ("os.unlink('old'); write('old', b'OLD')", BEFORE),
    "made anew and synced": ("os.unlink('old'); os.fsync(write('old', b'n'))", {"old": "n"}),
    "another link": ("os.link('old', 'two'); sync('.')", BEFORE | {"two": "old"}),
    "in a new folder": (
        "os.makedirs('a/b'); os.fsync(write('a/b/new', b'new')); write('a/b/lost', b'')",
        BEFORE | {"a/b/new": "new"},
    ),
}


def lies_in(folder: Path) -> dict[str, str]:
    """Each file's text by its name."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_text() for path in files}


def prepare(power: Power) -> None:
    """Make a folder for each program, with what was there before."""
    for name in PROGRAMS:
        (power.folder / name).mkdir()
        for old, text in BEFORE.items():
            (power.folder / name / old).write_text(text)
    power.settle()


def run(power: Power) -> None:
    """Run each program in its folder, in a process of its own, to the moment of the cut."""
    programs = {name: program for name, (program, _expected) in PROGRAMS.items()}
    script = f"{HELPERS}\nfor name, program in {programs!r}.items():\n{EACH}"
    subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], cwd=power.folder, env=power.environment, check=True
    )


def test_what_was_synced_is_there_and_nothing_else(power: Power) -> None:
    prepare(power)
    run(power)
    power.cut()
    found = {name: lies_in(power.folder / name) for name in PROGRAMS}
    assert found == {name: expected for name, (_program, expected) in PROGRAMS.items()}


TORN = """
a = write('torn', b'1' * 8192); os.fsync(a); os.pwrite(a, b'2' * 16384, 0)
os.fsync(write('gone', b'')); os.unlink('gone')
write('unsynced', b'3')
"""


def test_with_a_seed_any_part_of_what_was_not_synced_is_there_too(power: Power) -> None:
    torn, names = set(), set()
    for seed in range(16):
        shutil.rmtree(power.folder)
        power.folder.mkdir()
        power.settle()
        subprocess.run(
            [sys.executable, "-I", "-S", "-c", HELPERS + TORN],
            cwd=power.folder,
            env=power.environment,
            check=True,
        )
        power.cut(seed)
        left = lies_in(power.folder)
        text = left.pop("torn")
        assert re.fullmatch("[12]*[2\0]*", text)
        assert len(text) >= 8192
        torn.add((text.count("1"), text.count("2"), text.count("\0")))
        names |= {(name, name in left) for name in ("gone", "unsynced")}
    assert len(torn) > 8
    assert names == {(name, there) for name in ("gone", "unsynced") for there in (True, False)}
