"""docs/bookings.md says of states, files and reminders what the code does."""

from __future__ import annotations

import re

from labtracker import config
from labtracker.accounts import scheduled
from labtracker.accounts.rules import quiet_hours
from labtracker.attachments import pictures
from labtracker.attachments import rules as attachments
from labtracker.fleet import reminders as fleet
from labtracker.labs.queries import readiness
from labtracker.roster import reminders as roster
from labtracker.scheduling import reminders
from labtracker.scheduling.rules.states import DONE, TRANSITIONS, UNDERWAY, BookingStatus, Side, Verb
from labtracker.scheduling.rules.thread import MOST_MESSAGES_A_DAY
from labtracker.scheduling.services.checks import MOST_SENT_A_DAY
from labtracker.scheduling.services.notices import AUDIENCE
from labtracker.web.uploads import MOST_AT_ONCE

TEXT = (config.ROOT / "docs" / "bookings.md").read_text(encoding="utf-8")


def rows() -> dict[str, tuple[str, str]]:
    """State to who moves it there and who hears of it."""
    found = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", TEXT, re.MULTILINE)
    return {state: (who.strip(), told.strip()) for state, who, told in found}


def test_every_state_names_who_leads_there_and_who_hears_of_it() -> None:
    states = set(BookingStatus) - {BookingStatus.DRAFT}
    assert set(rows()) == states
    assert set(AUDIENCE) == states
    for transition in TRANSITIONS.values():
        who, told = rows()[transition.target]
        assert told.split(", ") == list(AUDIENCE[transition.target])
        assert ("employer" in who or "either" in who) == (Side.EMPLOYER in transition.sides)
        assert ("with a reason" in who) == transition.needs_reason
    assert f"`{UNDERWAY}`" in TEXT
    assert f"`{DONE}`" in TEXT


def test_a_draft_is_neither_withdrawn_nor_cancelled() -> None:
    assert [verb for verb in Verb if BookingStatus.DRAFT in TRANSITIONS[verb].sources] == [Verb.SUBMIT]


def test_limits_of_files_are_the_codes() -> None:
    assert f"at most {attachments.LONGEST_SIDE} pixels" in TEXT
    assert f"more than {attachments.MOST_PIXELS} pixels" in TEXT
    assert f"more than {attachments.MOST_PIECES} scans" in TEXT
    megabytes = attachments.MOST_BYTES // 1_000_000
    assert f"At most {megabytes} MB each, {MOST_AT_ONCE // 1024**2} MB at once" in TEXT
    assert f"{attachments.MOST_PER_SUBJECT} for each booking" in TEXT
    room = {one.name: one.default for one in config.SETTINGS}["EMPLOYER_FILES_MB"]
    assert f"at most {attachments.MOST_A_DAY} files within a day and {room} MB in all" in TEXT
    assert f"a trainer {attachments.MOST_A_DAY} files within a day" in TEXT
    assert f"at most {MOST_SENT_A_DAY} bookings and writes" in TEXT
    assert f"at most {MOST_MESSAGES_A_DAY} messages within a day" in TEXT
    assert f"longer than {pictures.WAIT_SECONDS:.0f} seconds" in TEXT


def test_times_of_reminders_are_the_codes() -> None:
    assert f"every {scheduled.EVERY.seconds // 60} minutes" in TEXT
    assert f"before {quiet_hours.WAKES_AT} or after {quiet_hours.RESTS_AT} o'clock" in TEXT
    assert f"at most {int(reminders.BEGINS_WITHIN.total_seconds()) // 3600} hours away" in TEXT
    assert f"within {roster.ROSTER_DAYS.days} days" in TEXT
    assert f"unanswered for {reminders.ANSWER_WITHIN} working days" in TEXT
    assert TEXT.count(f"within {fleet.AHEAD.days} days") == 3
    assert f"lapses within {readiness.SOON.days} days" in TEXT
