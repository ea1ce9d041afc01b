"""A folder under a power that can be cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.powercut.power import Power


@pytest.fixture
def power(tmp_path: Path) -> Power:
    """The power of an empty folder."""
    return Power(tmp_path)
