"""`labtracker` as if it were later: ``python -m tests.browser.shifted SECONDS serve --port N``.

Everything below the edges is told the time; the edges ask one clock, and that is set forward here before
anything else is imported.
"""

from __future__ import annotations

import importlib
import sys
from datetime import timedelta

from labtracker.kit import time as clock

AHEAD = timedelta(seconds=int(sys.argv.pop(1)))
TRUE_TIME = clock.utc_now
clock.utc_now = lambda: TRUE_TIME() + AHEAD
importlib.import_module("labtracker.cli").main()
