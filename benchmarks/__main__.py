"""The quick set, one after another, each in a process of its own: `make bench`."""

from __future__ import annotations

import subprocess
import sys

QUICK = (
    ("benchmarks.set_up",),
    ("benchmarks.first_visit",),
    ("benchmarks.upload", "sqlite"),
    ("benchmarks.one_check_in", "sqlite"),
    ("benchmarks.pack", "sqlite"),
    ("benchmarks.hard_badges", "quick"),
)


def main() -> int:
    """Run all, also when one fails; the status says whether any did."""
    statuses = [subprocess.run([sys.executable, "-m", *command], check=False).returncode for command in QUICK]
    return max(statuses)


if __name__ == "__main__":
    sys.exit(main())
