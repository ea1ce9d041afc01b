"""Fixtures of these tests: the steel works' world, and the day and the phone that check-in is tested with."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.checkin.conftest import day, phone
from tests.security.world import World, build_world

__all__ = ["day", "phone", "world"]


@pytest.fixture
def world(cast: Cast) -> World:
    """Somebody else's whole business."""
    return build_world(cast)
