"""E-mail addresses as they are compared."""

from __future__ import annotations

import re

_NAME = r"[^\s@<>,;:\"()\[\]\\]{1,64}"
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(rf"{_NAME}@({_LABEL}\.)+[a-z][a-z0-9-]{{1,62}}")


def normal_email(typed: str) -> str:
    """An address as it is stored and compared: no surrounding space, lower case."""
    return typed.strip().lower()


def is_email(address: str) -> bool:
    """Whether a normal address could receive mail; whether it does, only a mail can tell."""
    return len(address) <= 254 and _EMAIL.fullmatch(address) is not None
