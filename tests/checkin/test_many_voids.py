"""Thousands of records taken back: the work grows with their number, the statements stay small."""

from __future__ import annotations

from typing import Any

import pytest

from labtracker import statements
from labtracker.checkin.queries import rights
from labtracker.checkin.queries.events import removed_among, voids_reaching
from labtracker.checkin.queries.flags import flags_in
from labtracker.checkin.queries.pages import unmatched_in
from labtracker.checkin.queries.worth_a_look import marks_in
from labtracker.checkin.rules.presence import PresenceEvent
from tests.checkin.conftest import Day, counted
from tests.checkin.phone import Phone

MANY = 1200


@pytest.fixture
def taken_back(phone: Phone, day: Day) -> list[str]:
    """Badges that nobody knows, all but the last one taken back; gives the records' ids."""
    session = str(day.session.id)
    ids = [
        phone.record("check_in", day.at(number / 10), session=session, badge_hash=f"{number:064x}")
        for number in range(MANY + 1)
    ]
    for number, target in enumerate(ids[:-1]):
        phone.record("void", day.at(130 + number / 100), session=session, target=target)
    for first in range(0, len(phone.items), 500):
        phone.upload(phone.items[first : first + 500])
    return ids


def test_what_is_removed_is_worked_out_once_for_a_session(
    phone: Phone, day: Day, taken_back: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    followed, voided_ids = [], rights.voided_ids

    def noted(voids: list[PresenceEvent]) -> set[str]:
        followed.append(len(voids))
        return voided_ids(voids)

    monkeypatch.setattr(rights, "voided_ids", noted)
    with counted() as asked:
        marks_in(day.session)
    assert followed == [MANY]
    assert len([one for one in asked if "RECURSIVE" in one]) == -(-(MANY + 1) // statements.MOST_ASKED)
    assert len(asked) < 15
    followed.clear()
    standing = [logged for logged in unmatched_in(day.session) if logged.stands]
    assert [str(logged.event.id) for logged in standing] == [taken_back[-1]]
    assert followed == [MANY]


@pytest.mark.parametrize("most", [1, 2, 500])
def test_voids_of_voids_are_found_whole_in_whatever_parts_they_are_asked(
    phone: Phone, day: Day, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    session = str(day.session.id)
    known: dict[str, Any] = {"session": session, "badge_hash": "ab" * 32}
    seen = [phone.record("check_in", day.at(number), **known) for number in range(3)]
    first = phone.record("void", day.at(5), session=session, target=seen[0])
    second = phone.record("void", day.at(6), session=session, target=first)
    third = phone.record("void", day.at(7), session=session, target=seen[1])
    phone.upload()
    monkeypatch.setattr(statements, "MOST_ASKED", most)
    logged = unmatched_in(day.session)
    assert [str(one.event.id) for one in logged if one.stands] == [seen[0], seen[2]]
    ids = [one.event.id for one in logged]
    assert sorted(void.id for void, _by in voids_reaching(ids)) == sorted([first, second, third])
    assert removed_among([one.event for one in logged]) == {ids[1]}


def test_bursts_are_asked_for_in_parts(phone: Phone, day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    for burst in range(5):
        for number in range(22):
            at = day.at(10 * burst) + number * 500
            phone.record(
                "check_in", at, session=str(day.session.id), badge_hash=f"{100 * burst + number:064x}"
            )
    phone.upload()
    whole = flags_in([day.session])
    assert [flag.badges for flag in whole] == [22] * 5
    monkeypatch.setattr(statements, "MOST_ASKED", 2)
    with counted() as asked:
        assert flags_in([day.session]) == whole
    assert len([one for one in asked if one.count(" BETWEEN ") == 2]) == 2
    assert max(one.count(" BETWEEN ") for one in asked) == 2
