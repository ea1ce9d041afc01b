"""Chromium as every browser test starts it."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, Playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str | None:
    """Where Chromium is: what ``CHROMIUM`` says, else what the system has; None where there is none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


def launch(playwright: Playwright, *more: str) -> Browser:
    """Start Chromium without a window; ``more`` are further arguments."""
    return playwright.chromium.launch(executable_path=chromium_path(), args=[*ARGUMENTS, *more])
