"""Badges by the vectors that the phone client reads too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labtracker.roster.rules import badges

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "vectors" / "badge.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["id"])
def test_a_badge_is_written_as_the_vectors_say(case: dict[str, str]) -> None:
    secret = bytes.fromhex(case["secret"])
    assert badges.badge_id(secret) == case["id"]
    assert badges.secret_of(case["id"].lower()) == secret
    assert badges.badge_hash(secret) == case["badge_hash"]
    assert badges.short_code(case["badge_hash"]) == case["short_code"]
    assert badges.shown_code(case["short_code"]) == case["shown_code"]
    assert badges.badge_url(secret, VECTORS["hosts"][0]) == case["url"]


@pytest.mark.parametrize("case", VECTORS["texts"], ids=lambda case: repr(case["text"])[:50])
def test_a_scanned_text_is_a_badge_or_says_why_not(case: dict[str, str | None]) -> None:
    reading = badges.read_badge(str(case["text"]), VECTORS["hosts"])
    assert (reading.value, reading.why) == (case["badge_hash"], case["why"])


@pytest.mark.parametrize("case", VECTORS["codes"], ids=lambda case: repr(case["typed"]))
def test_a_typed_code_is_understood_or_says_why_not(case: dict[str, str | None]) -> None:
    reading = badges.read_code(str(case["typed"]))
    assert (reading.value, reading.why) == (case["code"], case["why"])


@given(st.binary(min_size=16, max_size=16))
def test_every_badge_reads_back(secret: bytes) -> None:
    url = badges.badge_url(secret, "badges.example.org")
    digest = badges.badge_hash(secret)
    assert badges.read_badge(url, ["badges.example.org"]).value == digest
    code = badges.short_code(digest)
    assert badges.read_code(badges.shown_code(code).lower()).value == code
    assert digest.startswith(badges.hash_prefix(code))


@given(st.binary(min_size=16, max_size=16), st.integers(0, 7), st.sampled_from(badges.ALPHABET))
def test_one_wrong_character_in_a_code_is_always_noticed(secret: bytes, place: int, symbol: str) -> None:
    code = badges.short_code(badges.badge_hash(secret))
    typed = code[:place] + symbol + code[place + 1 :]
    assert badges.read_code(typed).value == (code if typed == code else None)


def test_a_secret_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        badges.badge_id(b"short")
