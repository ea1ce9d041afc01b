"""Many at once: statements do not grow with a batch, writers wait for one another, no body breaks it."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labtracker.accounts.services import create_pairing_code
from labtracker.app import create_app
from labtracker.checkin.api import events
from labtracker.checkin.models import Attendance, Event, InboxFrame, Watermark
from labtracker.checkin.rules.frames import to_base64url
from labtracker.completion.models import Completion
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.web.turnstile import Turnstile
from tests.checkin.conftest import Day, counted
from tests.checkin.phone import Phone, verdicts
from tests.conftest import TEST_SETTINGS


def record_many(phone: Phone, day: Day, number: int) -> list[dict[str, Any]]:
    first = len(phone.items)
    for index in range(number):
        kind = "check_out" if index // 6 % 2 else "check_in"
        badge = day.badges[index % 6].badge_hash
        phone.record(kind, day.at(index / 10), session=str(day.session.id), badge_hash=badge)
    return phone.items[first:]


def test_the_number_of_statements_does_not_grow_with_the_batch(phone: Phone, day: Day) -> None:
    phone.upload(record_many(phone, day, 6))
    counts = []
    for number in (12, 20, 300):
        items = record_many(phone, day, number)
        db.session.expire_all()
        with counted() as statements:
            phone.upload(items)
        counts.append(len(statements))
    assert counts[0] == counts[1] == counts[2]


def test_an_arrival_in_a_session_underway_leaves_completion_alone(phone: Phone, day: Day) -> None:
    phone.record("check_in", day.at(0), session=str(day.session.id), badge_hash=day.badges[0].badge_hash)
    phone.upload()
    phone.record("check_in", day.at(1), session=str(day.session.id), badge_hash=day.badges[1].badge_hash)
    with counted() as statements:
        phone.upload()
    assert not [one for one in statements if "completion" in one]


def test_a_replay_asks_even_less(phone: Phone, day: Day) -> None:
    phone.upload(record_many(phone, day, 50))
    with counted() as statements:
        assert set(verdicts(phone.upload())) == {"duplicate"}
    assert len(statements) <= 4


@pytest.fixture
def beside(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A second process's application on the same database."""
    other = create_app(DATABASE_URL=database_url, INSTANCE_DIR=str(tmp_path), **TEST_SETTINGS)
    yield other
    with other.app_context():
        db.engine.dispose()


def test_many_phones_at_once_all_get_through(app: Flask, beside: Flask, day: Day) -> None:
    phones = []
    for _number in range(16):
        phone = Phone(app.test_client())
        code = create_pairing_code(actor=day.cast.tom, now=utc_now())
        db.session.commit()
        phone.pair(code)
        phones.append(phone)
    db.session.remove()
    # However slow this machine is, nobody is told to come later.
    for process in (app, beside):
        process.extensions["upload_turnstile"] = Turnstile(4, room=100, longest_wait=600)
    answers: list[Any] = []

    def work(phone: Phone, items: list[dict[str, Any]]) -> None:
        for item in items:
            answers.append(phone.post(phone.envelope([item])).status_code)

    threads = []
    for phone in phones:
        items = record_many(phone, day, 6)
        # The same phone sends everything twice at once, as after a lost reply, to two processes.
        for process in (app, beside):
            sender = Phone(_fresh_client(process), phone.device, phone.token, phone.by)
            threads.append(threading.Thread(target=work, args=(sender, items)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 32 * 6
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 16 * 6
    assert db.session.scalar(sa.select(sa.func.count()).select_from(InboxFrame)) == 16 * 6
    assert set(db.session.scalars(sa.select(Watermark.have_seq))) == {6}


def test_two_phones_that_tell_of_one_worker_at_once_miss_nothing(
    app: Flask, day: Day, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One saw her come, the other saw her go; neither waits for the other to commit before it begins."""
    other = Phone(app.test_client())
    code = create_pairing_code(actor=day.cast.tom, now=utc_now())
    db.session.commit()
    other.pair(code)
    session, badge = str(day.session.id), day.badges[0].badge_hash
    phone.record("session_open", day.at(-5), session=session)
    phone.upload()
    phone.record("check_in", day.at(0), session=session, badge_hash=badge)
    other.record("check_out", day.at(120), session=session, badge_hash=badge)
    pair = (db.session.merge(day.session).id, db.session.merge(day.enrollments[0]).id)
    db.session.remove()
    is_written, commit = threading.Event(), events.commit

    def commit_late() -> None:
        if threading.current_thread().name == "first":
            is_written.set()
            time.sleep(0.5)
        commit()

    monkeypatch.setattr(events, "commit", commit_late)
    for one in (phone, other):
        one.client = _fresh_client(app)
    first = threading.Thread(target=lambda: phone.post(phone.envelope(phone.items)), name="first")
    second = threading.Thread(target=lambda: other.post(other.envelope(other.items)), name="second")
    first.start()
    assert is_written.wait(20)
    second.start()
    first.join()
    second.join()
    found = db.session.get_one(Attendance, pair)
    assert (found.credited_minutes, found.flags) == (120, ["left_early"])
    assert db.session.get_one(Completion, pair[1]).credited_minutes == 120


def _fresh_client(app: Flask) -> Any:
    """A client without the fixture's context, safe in a thread."""
    from flask.testing import FlaskClient  # noqa: PLC0415

    return FlaskClient(app, app.response_class, use_cookies=False)


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(
        ["018f5e3a-7c11-7abc-8def-0123456789ab", "ab" * 32, "check_in", "void", "session_close"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = tuple(
    "v id type session chosen_session method wall_ms mono_ms boot sync by badge_hash badge_code "  # noqa: SIM905
    "enrollment walk_in target ended_ms score skill granted reason text note ad_hoc make_up "
    "not_enrolled recorded_ms".split()
)


@pytest.mark.slow
@settings(
    # EXAMPLES=34000 sends 100,000 bodies.
    max_examples=int(os.environ.get("EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.one_of(
            st.dictionaries(st.sampled_from(FIELDS), anything, max_size=5),
            st.binary(max_size=60),
        ),
        max_size=12,
    ),
    st.lists(anything, max_size=3),
    st.dictionaries(
        st.sampled_from(["device", "incarnation", "items", "seal", "lost", "x"]), anything, max_size=2
    ),
    st.booleans(),
)
def test_no_body_breaks_the_edge_and_none_is_lost(
    phone: Phone, day: Day, bodies, junk, envelope, damaged
) -> None:  # type: ignore[no-untyped-def]
    phone.items, phone.last_hash = [], "0" * 64
    phone.incarnation = f"{utc_now().timestamp():.6f}".replace(".", "")[:16]
    for changes in bodies:
        if isinstance(changes, bytes):
            phone.append(changes)
        else:
            known = {"session": str(day.session.id), "badge_hash": day.badges[0].badge_hash}
            phone.append({**phone.body("check_in", day.at(0), **known), **changes})
    items = [dict(item) for item in phone.items]
    if damaged and items:
        items[0]["frame"] = to_base64url(b"garbage")
        items[0]["damaged"] = True
    answer = phone.post(phone.envelope([*items, *junk]))
    assert answer.status_code == 200, answer.text
    assert len(answer.json["results"]) == len(items) + len(junk)
    assert answer.json["have"]["seq"] == len(items)
    stored = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(InboxFrame)
        .where(InboxFrame.incarnation == phone.incarnation, InboxFrame.seq > 0, InboxFrame.in_chain)
    )
    assert stored == len(items)
    status = phone.post({**phone.envelope([]), **envelope}).status_code
    assert status in (200, 400, 413)
    raw = json.dumps(envelope).encode()[:-1]
    headers = {"Authorization": f"Bearer {phone.token}", "Content-Type": "application/json"}
    assert phone.client.post("/api/v1/events", data=raw, headers=headers).status_code == 400
