"""Text that has to fit is shrunk and broken, and is never cut unseen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labtracker.roster.drawing.fitting import CUT, LEADING, SMALLEST, Fitted, fitted, lines_in

LETTER = 0.2


def measure(text: str) -> float:
    """Every letter is a fifth of a millimetre wide at one point."""
    return LETTER * len(text)


def fit(text: str, width: float = 40, height: float = 20, largest: float = 20) -> Fitted:
    return fitted(text, measure, width=width, room=lines_in(height), largest=largest)


@given(
    st.text("ab- ", max_size=200),
    st.floats(10, 100),
    st.floats(3, 60),
    st.floats(6, 60),
)
def test_what_fits_stays_whole_within_its_box(text: str, width: float, height: float, largest: float) -> None:
    found = fit(text, width, height, largest)
    assert SMALLEST <= found.size <= max(largest, SMALLEST)
    assert all(measure(line) * found.size <= width + 1e-9 for line in found.lines)
    assert found.height <= max(height, found.size * LEADING) + 0.01
    said, whole = "".join("".join(found.lines).split()), "".join(text.split())
    assert said == whole or (found.is_cut and said.endswith(CUT) and whole.startswith(said[:-1]))


def test_short_names_are_as_large_as_they_may_be() -> None:
    assert fit("Bo Lee") == Fitted(20, ("Bo Lee",))


def test_names_break_after_hyphens_and_between_words_before_they_break_inside() -> None:
    assert fit("Hernández-Villanueva").lines == ("Hernández-", "Villanueva")
    assert fit("María Guadalupe", height=8).lines == ("María Guadalupe",)
    long = fit("x" * 60, height=60)
    assert len(long.lines) > 1
    assert long.size > SMALLEST


def test_marks_stay_with_their_letters() -> None:
    found = fit("e\u0301" * 60, width=11, height=60)
    assert not any(line.startswith("\u0301") for line in found.lines)


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_takes_no_line(text: str) -> None:
    assert fit(text).lines == ()
