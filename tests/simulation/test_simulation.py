"""A few worlds on every run, and one for each planted fault; ``make simulate`` has many more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from labtracker import config
from tests.simulation.mutants import MUTANTS, Mutant
from tests.simulation.office import Office
from tests.simulation.running import an_office, catching_seed, run
from tests.simulation.week import A_DAY, DAYS, WeekWithoutSignal

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (config.ROOT / "node_modules" / "fake-indexeddb").is_dir(),
        reason="fake-indexeddb is not installed: run make install",
    ),
]

SEARCHED = 40


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with an_office() as office:
        yield office


# In seed 2000 records come first with their maker's seal and then, stripped of it, from somebody else.
SEEDS = (*range(4), 2000)


def test_nothing_is_lost_whatever_goes_wrong(office: Office) -> None:
    results = list(run(SEEDS, office))
    assert [(result.seed, result.violations) for result in results if result.violations] == []
    assert all(result.events for result in results)


def test_a_week_in_airplane_mode_and_the_older_backup_lose_nothing(office: Office) -> None:
    result = next(run([7], office, WeekWithoutSignal))
    assert result.violations == []
    assert result.events >= DAYS * A_DAY // 2
    assert result.faults["restored from the older backup"] == 1


def test_new_versions_and_dying_pages_lose_nothing(office: Office) -> None:
    results = list(run([5, 205], office))
    assert [(result.seed, result.violations) for result in results if result.violations] == []
    kinds = {kind for result in results for kind in result.faults}
    assert kinds >= {
        "server upgraded",
        "app upgraded and taken back",
        "page dies before saving",
        "page dies after saving",
        "unknown version",
    }


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_planted_fault_is_seen(mutant: Mutant, office: Office) -> None:
    assert catching_seed(mutant, [mutant.seed, *range(SEARCHED)], office) is not None
