"""Larger bodies for the few addresses that take several files at once.

Whatever reads a form first, such as the check of its token, would refuse what is larger than usual, so the
limit is set as soon as it is known which view is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])
MOST_AT_ONCE = 48 * 1024 * 1024


def takes_files(view: View) -> View:
    """Let a view take as much as several files of ten megabytes together."""
    view.__dict__["takes_files"] = True
    return view


def install(app: Flask) -> None:
    """Set the limit before anything reads the body."""
    app.url_value_preprocessor(_allow_files)


def _allow_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    view = current_app.view_functions.get(endpoint or "")
    if view is not None and getattr(view, "takes_files", False):
        request.max_content_length = MOST_AT_ONCE
