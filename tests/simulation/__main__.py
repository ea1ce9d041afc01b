"""``python -m tests.simulation --seeds 1000 --first 0``: the last line counts; any violation makes it fail.

``--mutants`` searches for the seed that catches each planted fault instead.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.mutants import MUTANTS
from tests.simulation.running import an_office, catching_seed, run
from tests.simulation.world import Result

CHUNK = 25


def main() -> int:
    """Run what the arguments ask for; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--mutants", action="store_true")
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.seeds)
    return _search(seeds) if asked.mutants else _simulate(seeds)


def _simulate(seeds: range) -> int:
    faults: Counter[str] = Counter()
    events = violations = done = 0
    chunks = [seeds[first : first + CHUNK] for first in range(0, len(seeds), CHUNK)]
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        for results in processes.map(_some, chunks):
            for result in results:
                done, events, faults = done + 1, events + result.events, faults + result.faults
                violations += len(result.violations)
                for violation in result.violations:
                    print(f"seed {result.seed}: {violation}", flush=True)
    kinds = ", ".join(f"{name} {number}" for name, number in sorted(faults.items()))
    print(f"{done} seeds, {events} events, {violations} violations; faults: {kinds}")
    return 1 if violations else 0


def _some(seeds: range) -> list[Result]:
    with an_office() as office:
        return list(run(seeds, office))


def _search(seeds: range) -> int:
    missed = 0
    with an_office() as office:
        for mutant in MUTANTS:
            caught = catching_seed(mutant, seeds, office)
            missed += caught is None
            how = f"seed {caught.seed}: {caught.violations[0]}" if caught else "NOT CAUGHT"
            print(f"{mutant.name}: {how}", flush=True)
    print(f"{len(MUTANTS)} planted faults, {missed} not caught in {len(seeds)} seeds")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
