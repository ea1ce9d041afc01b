"""Screens of check-in, one file for each; all on one blueprint."""

from labtracker.checkin.views import attendance
from labtracker.checkin.views.client import blueprint

__all__ = ["attendance", "blueprint"]
