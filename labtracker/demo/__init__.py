"""The demo: a year of believable data, built through the same services as anybody's."""

from __future__ import annotations

from labtracker.demo.build import build

__all__ = ["build"]
