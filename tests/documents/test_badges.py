"""What docs/rosters.md says about printing badges is so."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from labtracker import config
from labtracker.kit.qr import qr_modules
from labtracker.roster.drawing.layouts import INCH, LAYOUTS
from labtracker.roster.drawing.paper import can_draw

DOCUMENT = (config.ROOT / "docs" / "rosters.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) (in|mm) \| (\d+) \|$", re.MULTILINE)
PARTS = {"½": Fraction(1, 2), "⅓": Fraction(1, 3), "⅜": Fraction(3, 8)}


def number(text: str) -> Fraction:
    """A number as people write inches."""
    whole = text.rstrip("".join(PARTS))
    return Fraction(whole) + sum(PARTS[part] for part in text[len(whole) :])


def test_every_layout_is_named_with_its_size_and_its_marks() -> None:
    rows = {key: (paper, size, unit, places) for key, paper, size, unit, places in ROW.findall(DOCUMENT)}
    assert list(rows) == list(LAYOUTS)
    for key, (paper, size, unit, places) in rows.items():
        layout = LAYOUTS[key]
        sides = [float(number(side)) * (INCH if unit == "in" else 1) for side in size.split(" × ")]
        assert sides == pytest.approx([layout.width, layout.height])
        assert int(places) == layout.places
        assert (layout.cut, layout.hole) == ("marks to cut" in paper, "slot" in paper)


def test_what_the_pdf_cannot_write_is_named() -> None:
    assert "(Chinese, Arabic, Devanagari, emoji)" in DOCUMENT
    assert not any(can_draw(name) for name in ("王小明", "أحمد", "राम", "Ana 🙂"))


def test_codes_have_their_quiet_zone() -> None:
    assert "error correction M and their quiet zone" in DOCUMENT
    assert not any(qr_modules("HTTPS://LABS.EXAMPLE/B/0", quiet=4)[3])
