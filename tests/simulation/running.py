"""Runs worlds: one seed after another, with the real modules or with a fault planted into them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.simulation.host import Host, PhoneFailedError
from tests.simulation.mutants import Mutant, planted
from tests.simulation.office import Office
from tests.simulation.upgrades import kind_of
from tests.simulation.world import Result, World

MEMORY_DISK = Path("/dev/shm")


@contextmanager
def an_office() -> Iterator[Office]:
    """A server whose disk is memory, since it is lost often, and whose backups lie on another device."""
    disk = Path(tempfile.mkdtemp(prefix="office-", dir=MEMORY_DISK if MEMORY_DISK.is_dir() else None))
    elsewhere = Path(tempfile.mkdtemp(prefix="elsewhere-"))
    try:
        office = Office(disk, elsewhere)
        yield office
        office.close()
    finally:
        shutil.rmtree(disk, ignore_errors=True)
        shutil.rmtree(elsewhere, ignore_errors=True)


def run(seeds: Iterable[int], office: Office, kind: type[World] | None = None) -> Iterator[Result]:
    """One result for each seed, in a world of one kind or of the seed's own."""
    with _phones(None) as host:
        for seed in seeds:
            yield (kind or kind_of(seed))(seed, host, office).run()


def catching_seed(mutant: Mutant, seeds: Iterable[int], office: Office) -> Result | None:
    """The first seed whose world shows what the planted fault does; None when none does.

    A world that the fault brings to a halt proves nothing: the next one is tried.
    """
    with planted(mutant, office.app) as client:
        for seed in seeds:
            with _phones(client) as host, suppress(PhoneFailedError, AssertionError):
                result = World(seed, host, office).run()
                if result.violations:
                    return result
    return None


@contextmanager
def _phones(client: Path | None) -> Iterator[Host]:
    host = Host(client)
    try:
        yield host
    finally:
        host.close()
