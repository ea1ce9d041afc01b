"""``--everything``: a test that would be skipped, because something is not installed, fails instead.

``TESTS_UNTIL``, a Unix time, ends a run that has only so long: tests that have not begun by then are left
out, and the end of the run says which.

What was read for the tests stays until the end: looking through it for garbage is of no use.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Generator

import pytest

TOO_LATE = "left out, since the time for tests was over"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--everything", action="store_true", help="fail where a test would be skipped")


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, and less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Begin nothing for which there is no time."""
    if time.time() > float(os.environ.get("TESTS_UNTIL") or "inf"):
        pytest.skip(TOO_LATE)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was left out."""
    late = [
        report.nodeid for report in terminalreporter.getreports("skipped") if TOO_LATE in str(report.longrepr)
    ]
    if late:
        terminalreporter.section(f"{len(late)} tests were {TOO_LATE}; `make test` runs them")
        for name in late:
            terminalreporter.write_line(name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if TOO_LATE in str(report.longrepr):
        return report
    if report.skipped and not hasattr(report, "wasxfail") and item.config.getoption("--everything"):
        report.outcome = "failed"
        report.longrepr = f"would be skipped, yet everything must run: {report.longrepr}"
    return report
