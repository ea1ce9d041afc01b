"""The demo's data, built through the services from a seed."""

from labtracker.demo.building import build

__all__ = ["build"]
