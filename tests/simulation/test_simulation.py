"""A few worlds on every run, and one for each planted fault; ``make simulate`` has many more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from labtracker import config
from tests.simulation.mutants import MUTANTS, Mutant
from tests.simulation.office import Office
from tests.simulation.running import an_office, catching_seed, run

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


def test_nothing_is_lost_whatever_goes_wrong(office: Office) -> None:
    results = list(run(range(4), office))
    assert [(result.seed, result.violations) for result in results if result.violations] == []
    assert all(result.events for result in results)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_planted_fault_is_seen(mutant: Mutant, office: Office) -> None:
    assert catching_seed(mutant, [mutant.seed, *range(SEARCHED)], office) is not None
