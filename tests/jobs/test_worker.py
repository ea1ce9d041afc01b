"""Several workers share the jobs of one database, and stop when asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask

from labtracker.extensions import db
from labtracker.jobs import services
from labtracker.jobs.models import Job
from labtracker.jobs.worker import work, worker_name
from labtracker.kit.time import utc_now

done: list[int] = []


@services.handles("test_count")
def count(arguments: dict[str, Any], now: datetime) -> None:
    done.append(arguments["number"])


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    pause = threading.Event()
    for _step in range(int(seconds * 20)):
        if condition():
            return True
        pause.wait(0.05)
    return False


def test_three_workers_do_each_job_once_and_stop(app: Flask) -> None:
    done.clear()
    for number in range(30):
        services.enqueue("test_count", {"number": number}, due_at=utc_now(), now=utc_now())
    db.session.commit()
    stop = threading.Event()
    workers = [threading.Thread(target=work, args=(app, stop)) for _number in range(3)]
    for worker in workers:
        worker.start()
    try:
        assert wait_until(lambda: len(done) >= 30)
    finally:
        stop.set()
        for worker in workers:
            worker.join(timeout=20)
    assert not any(worker.is_alive() for worker in workers)
    assert sorted(done) == list(range(30))
    ours = sa.select(Job).where(Job.kind == "test_count", Job.done_at.is_(None))
    open_jobs = db.session.execute(ours).all()
    assert open_jobs == []


def test_workers_have_names_of_their_own() -> None:
    assert worker_name() != worker_name()
    assert len(worker_name()) <= 60
