"""The words of the phone's client, as JSON that its own small gettext reads."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

from labtracker.web.language import LANGUAGES, TRANSLATIONS

CATALOG = "checkin_client.po"


def messages_json(language: str) -> str:
    """All translated messages of a language: the English words, and what stands for them.

    A language of ours without a catalog gives an empty list of words: the client then speaks English.
    """
    path = TRANSLATIONS / language / "LC_MESSAGES" / CATALOG
    if language not in LANGUAGES or not path.exists():
        return "{}"
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(path: Path, _changed_at: int) -> str:
    with path.open("rb") as file:
        catalog = read_po(file)
    words: dict[str, str | list[str]] = {}
    for message in catalog:
        if not message.id or message.fuzzy or not message.string:
            continue
        if isinstance(message.id, (list, tuple)):
            words[message.id[0]] = [str(form) for form in message.string]
        else:
            words[message.id] = str(message.string)
    return json.dumps(words, ensure_ascii=False, sort_keys=True)
