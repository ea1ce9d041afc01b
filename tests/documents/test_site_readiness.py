"""The guide to site readiness names every item with what can be put right, and every conflict."""

from __future__ import annotations

import re
from pathlib import Path

from labtracker.labs.queries.readiness import SOON
from labtracker.labs.rules.needs import ITEMS, Item, Kind
from labtracker.labs.services.readiness import MOST_DRAFTS
from labtracker.scheduling.rules.conflicts import WARNINGS, ConflictKind

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "site-readiness.md").read_text(encoding="utf-8")


def put_right(item: Item) -> tuple[str, str]:
    """What the guide should say of an item: how it is held against the site, and what can be put right."""
    if item.kind in (Kind.YES, Kind.ONE_OF):
        words = "say yes" if item.kind is Kind.YES else "be one of those that do"
        return words, "never" if item.hard else "always"
    short = item.kind is Kind.AT_LEAST
    words = "offer at least what the lab needs" if short else "stay at or under what the lab bears"
    return words, f"up to {item.slack:.0%} {'short' if short else 'over'}".replace(
        "%", " %"
    ) if item.slack else "never"


def test_every_item_stands_in_the_guide_as_the_rule_has_it() -> None:
    rows = re.findall(r"^\| (`.+`) \| (.+?) \| (.+?) \|$", GUIDE, re.M)
    named = {key: (words, how) for keys, words, how in rows for key in re.findall(r"`(\w+)`", keys)}
    assert named == {key: put_right(item) for key, item in ITEMS.items()}


def test_every_conflict_of_readiness_is_named_and_is_a_warning() -> None:
    named = {ConflictKind(name) for name in re.findall(r"^\| `(\w+)` \| [^|]+ \|$", GUIDE, re.M)}
    assert named == {kind for kind in ConflictKind if "read" in kind}
    assert named <= WARNINGS
    assert f"lapse within {SOON.days} days" in GUIDE


def test_how_many_drafts_wait_is_the_codes() -> None:
    assert f"at most {MOST_DRAFTS} drafts wait at a time" in GUIDE
