"""Jobs are done once, by one worker, and tried again when they fail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.extensions import db
from labtracker.jobs import services
from labtracker.jobs.models import Job
from labtracker.jobs.rules import LEASE, MOST_ATTEMPTS, pause_after

seen: list[Any] = []


@services.handles("test_note")
def note(arguments: dict[str, Any], now: datetime) -> None:
    seen.append(arguments["text"])


@services.handles("test_break")
def break_down(arguments: dict[str, Any], now: datetime) -> None:
    seen.append("tried")
    raise ValueError("the mail server said that ana@example.org is unknown")


@pytest.fixture(autouse=True)
def _forget(app: Flask) -> None:
    seen.clear()


def job() -> Job:
    db.session.expire_all()
    return db.session.execute(sa.select(Job)).scalar_one()


def test_due_job_is_done_once(now: datetime) -> None:
    services.enqueue("test_note", {"text": "hello"}, due_at=now, now=now)
    db.session.commit()
    assert services.run_due(now, "w1") == 1
    assert services.run_due(now, "w1") == 0
    assert seen == ["hello"]
    assert job().done_at == now


def test_job_of_a_rolled_back_transaction_never_runs(now: datetime) -> None:
    services.enqueue("test_note", {"text": "hello"}, due_at=now, now=now)
    db.session.rollback()
    assert services.run_due(now, "w1") == 0


def test_job_waits_for_its_time(now: datetime) -> None:
    services.enqueue("test_note", {"text": "later"}, due_at=now + timedelta(hours=1), now=now)
    db.session.commit()
    assert services.run_due(now, "w1") == 0
    assert services.run_due(now + timedelta(hours=1), "w1") == 1


def test_a_held_job_is_nobody_elses_until_the_lease_runs_out(now: datetime) -> None:
    services.enqueue("test_note", {"text": "x"}, due_at=now, now=now)
    db.session.commit()
    assert services.claim_next(now, "w1") is not None
    assert services.claim_next(now, "w2") is None
    assert services.run_due(now, "w2") == 0
    assert services.run_due(now + LEASE, "w2") == 1
    assert job().attempts == 2


def test_a_worker_that_lost_its_lease_changes_nothing(now: datetime) -> None:
    services.enqueue("test_note", {"text": "x"}, due_at=now, now=now)
    db.session.commit()
    slow = services.claim_next(now, "w1")
    assert slow is not None
    services.run_due(now + LEASE, "w2")
    services._carry_out(slow, now + LEASE)
    assert job().leased_by == "w2"
    assert job().done_at == now + LEASE


def test_failure_is_recorded_without_personal_data_and_tried_again(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    services.enqueue("test_break", {}, due_at=now, now=now)
    db.session.commit()
    services.run_due(now, "w1")
    assert job().error == "ValueError"
    assert "ana@" not in caplog.text
    assert job().due_at == now + pause_after(1)
    assert services.run_due(now, "w1") == 0
    assert services.run_due(now + pause_after(1), "w1") == 1


def test_hopeless_job_is_given_up(now: datetime) -> None:
    services.enqueue("test_break", {}, due_at=now, now=now)
    db.session.commit()
    at = now
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert services.run_due(at, "w1") == 1
        at += pause_after(attempt)
    assert job().failed_at is not None
    assert services.run_due(at + timedelta(days=30), "w1") == 0
    assert len(seen) == MOST_ATTEMPTS


def test_nobody_may_ask_for_unknown_work(now: datetime) -> None:
    with pytest.raises(ValueError, match="nobody handles"):
        services.enqueue("no_such_kind", {}, due_at=now, now=now)
