"""How every benchmark here measures and reports.

Machines are noisy, so what is compared is measured in turns (A B A B ...) in one run, and what counts is
the ratio of medians. A report ends with one line of JSON for scripts.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ROUNDS = 5


@dataclass(frozen=True)
class Sample:
    """Seconds that each round of one contender took."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle round."""
        return statistics.median(self.seconds)

    @property
    def spread(self) -> float:
        """Slowest less fastest round, as a share of the median."""
        return (max(self.seconds) - min(self.seconds)) / self.median if self.median else 0.0


def in_turns(contenders: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, Sample]:
    """Run every contender once a round, in the same order, after one round that is not counted.

    A contender that gives back a number has measured itself: the number is its seconds.
    """
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    # As in a server, where what lasts as long as the process is not looked through again and again.
    gc.collect()
    gc.freeze()
    for number in range(rounds + 1):
        for name, contender in contenders.items():
            begun = time.perf_counter()
            answer = contender()
            seconds = time.perf_counter() - begun
            if number:
                taken[name].append(answer if isinstance(answer, float) else seconds)
    return {name: Sample(tuple(seconds)) for name, seconds in taken.items()}


def growth(rounds: Sequence[Sequence[float]], amount: int) -> dict[str, float]:
    """How often the time doubled when the amount did, from a quarter to all of it.

    ``rounds`` holds, for each round, the seconds after each of its equal steps; 2 means in proportion.
    """
    steps = len(rounds[0])
    found = {}
    for part in (4, 2):
        smaller, larger = steps // part, 2 * steps // part
        times = statistics.median(one[larger - 1] / one[smaller - 1] for one in rounds)
        found[f"times_from_{amount // part}_to_{2 * amount // part}"] = times
    return found


@dataclass
class Report:
    """One benchmark's figures: printed for people, and as a line of JSON."""

    name: str
    sizes: dict[str, Any]
    figures: dict[str, Any] = field(default_factory=dict)
    goals: dict[str, bool] = field(default_factory=dict)

    def sample(self, name: str, sample: Sample, amount: int | None = None) -> None:
        """Note a contender's median and spread, and its rate where it handled a number of things."""
        self.figures[f"{name}_seconds"] = round(sample.median, 5)
        self.figures[f"{name}_spread"] = round(sample.spread, 3)
        if amount:
            self.figures[f"{name}_per_second"] = round(amount / sample.median)

    def figure(self, name: str, value: float) -> None:
        """Note any other figure."""
        self.figures[name] = round(value, 4)

    def goal(self, words: str, met: bool) -> None:
        """Note a goal, and whether it was met in this run."""
        self.goals[words] = met

    def show(self) -> None:
        """Print all, JSON last."""
        print(f"\n{self.name}")
        where = machine()
        print("  " + ", ".join(f"{key} {value}" for key, value in {**where, **self.sizes}.items()))
        for name, value in self.figures.items():
            print(f"  {name:<44} {value:>12}")
        for words, met in self.goals.items():
            print(f"  {'met   ' if met else 'MISSED'}  {words}")
        line = {"benchmark": self.name, "machine": where, "sizes": self.sizes}
        print(json.dumps({**line, "figures": self.figures, "goals": self.goals}))
        sys.stdout.flush()


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "cpu": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or "unknown"
