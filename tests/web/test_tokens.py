"""Colours can be read: measured from the style sheet itself, in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from labtracker import config

TOKENS = (config.ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
BLOCK = re.compile(r"(:root[^{]*)\{([^{}]*)\}")
COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9A-F]{6});")

# Text on a ground needs 4.5 to 1; borders of controls, focus rings and marks need 3 to 1.
TEXT = [
    ("ink", "paper"), ("ink", "surface"), ("ink", "sunken"), ("ink", "brand-pale"),
    ("muted", "paper"), ("muted", "surface"), ("muted", "sunken"), ("muted", "brand-pale"),
    ("brand", "paper"), ("brand", "surface"), ("brand", "sunken"), ("brand", "brand-pale"),
    ("brand-strong", "paper"), ("on-brand", "brand"), ("on-brand", "brand-strong"), ("on-band", "band"),
    ("in", "in-pale"), ("out", "out-pale"), ("look", "look-pale"), ("refused", "refused-pale"),
    ("ink", "in-pale"), ("ink", "out-pale"), ("ink", "look-pale"), ("ink", "refused-pale"),
    ("in", "surface"), ("refused", "surface"), ("refused", "paper"),
]  # fmt: skip
CONTROLS = [("line-strong", "surface"), ("brand", "paper"), ("refused", "paper")]


def _themes() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for selector, body in BLOCK.findall(TOKENS):
        colours = dict(COLOUR.findall(body))
        if colours:
            found[selector.strip()] = colours
    return found


def _luminance(colour: str) -> float:
    def linear(part: str) -> float:
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(colour[i : i + 2]) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


LIGHT = _themes()[":root"]
DARK = _themes()[':root[data-theme="dark"]']


def test_dark_is_the_same_whether_the_device_or_the_person_asks() -> None:
    assert _themes()[':root:not([data-theme="light"])'] == DARK
    assert set(DARK) == set(LIGHT)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), TEXT)
def test_text_stands_out(theme: dict[str, str], front: str, ground: str) -> None:
    assert _contrast(theme[front], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), CONTROLS)
def test_controls_stand_out(theme: dict[str, str], front: str, ground: str) -> None:
    assert _contrast(theme[front], theme[ground]) >= 3


def test_every_rule_stands_in_a_layer_and_uses_tokens() -> None:
    for path in sorted(Path(config.ROOT / "static" / "css").rglob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S).strip()
        assert text.startswith("@layer"), path.name
        if path.name not in {"tokens.css", "print.css"}:
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?!\")", text), f"{path.name} has a colour of its own"
