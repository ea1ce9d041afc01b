"""What undoing an import takes back of one worker, and what stays: the rule alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labtracker.roster.rules.undoing import Kept, Standing, TakenBack, take_back

FRESH = Standing(is_new=True, enrolled=True, has_badge=True)
KNOWN = Standing(is_new=False, enrolled=True, has_badge=True, fields={"phone": ("1", "2", "2")})


def test_all_of_somebody_new_goes() -> None:
    assert take_back(FRESH) == TakenBack(enrollment=True, badge=True, worker=True)


def test_somebody_known_becomes_what_they_were() -> None:
    taken = take_back(replace(KNOWN, was_archived=True))
    assert taken == TakenBack(enrollment=True, badge=True, archives=True, restored=("phone",))


def test_a_field_that_somebody_changed_since_stays() -> None:
    taken = take_back(replace(KNOWN, fields={"phone": ("1", "2", "3"), "email": (None, "a", "a")}))
    assert (taken.restored, taken.kept_fields) == (("email",), ("phone",))


@pytest.mark.parametrize("use", [Kept.SESSION_BEGAN, Kept.RECORDED, Kept.CERTIFICATE, Kept.LEFT])
def test_a_place_that_was_used_stays_with_worker_and_badge(use: Kept) -> None:
    taken = take_back(replace(FRESH, enrollment_uses=frozenset({use})))
    assert taken == TakenBack(stays=(use,))


def test_whoever_was_changed_or_named_elsewhere_stays() -> None:
    changed = take_back(replace(FRESH, facts_changed=True))
    assert changed == TakenBack(enrollment=True, badge=True, stays=(Kept.CHANGED,))
    released = take_back(replace(FRESH, worker_uses=frozenset({Kept.RELEASED})))
    assert (released.worker, released.stays) == (False, (Kept.RELEASED,))


def test_who_is_on_another_roster_keeps_the_badge() -> None:
    taken = take_back(replace(FRESH, other_enrollments=1))
    assert taken == TakenBack(enrollment=True, stays=(Kept.OTHER_ROSTER,))
    assert take_back(replace(KNOWN, other_enrollments=1)).badge is False


def test_a_badge_made_anew_keeps_the_worker() -> None:
    taken = take_back(
        replace(
            FRESH,
            badge_uses=frozenset({Kept.BADGE_REPLACED}),
            worker_uses=frozenset({Kept.BADGE_REPLACED}),
        )
    )
    assert taken == TakenBack(enrollment=True, stays=(Kept.BADGE_REPLACED,))


def test_of_whoever_was_merged_nothing_goes() -> None:
    assert take_back(replace(FRESH, is_there=False)) == TakenBack(stays=(Kept.MERGED,))
