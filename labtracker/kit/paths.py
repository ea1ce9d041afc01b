"""Addresses that a visitor brings along, and whether they may be followed."""

from __future__ import annotations

from urllib.parse import urlsplit


def safe_path(wish: str | None) -> str | None:
    """A wish for where to go next, if it is a path on this site; otherwise None."""
    if not wish or not wish.startswith("/") or wish.startswith(("//", "/\\")):
        return None
    if any(ord(character) < 33 or character == "\\" for character in wish):
        return None
    parts = urlsplit(wish)
    return None if parts.scheme or parts.netloc else wish
