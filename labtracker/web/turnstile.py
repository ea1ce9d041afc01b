"""Who may upload now: some at a time, some wait a moment, the rest are told at once when to come again.

Without it whoever comes with 499 others waits for all of them, longer than a phone or a proxy does, and is
then served for nobody. Each process has a turnstile of its own and its own pace, so several need not agree.

Nobody takes another's place: a phone has one upload inside or waiting, and whoever comes while somebody else
is inside is looked at before they are counted.
"""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, current_app
from flask_babel import gettext as _

from labtracker.errors import DomainError

# SQLite has one writer: a second upload would only ask again and again whether it may write.
AT_ONCE_ON_SQLITE = 1
AT_ONCE = 4
# Whoever waits occupies a thread of the web server, which has as many more than its pages need.
ROOM = 32
LONGEST_WAIT_SECONDS = 0.5
# So few may always come, however slow the machine is.
FEW = 2
# What one upload takes, as long as nothing was measured; and the weight of each new measurement.
FIRST_PACE_SECONDS = 0.05
WEIGHT = 1 / 8
# In the first moments of a rush all is slow. Who was sent away for longer would come when it is long over;
# who comes too early costs little.
LONGEST_ABSENCE_SECONDS = 30


class Turnstile:
    """Counts the uploads inside and lets them have their turns, so many at once."""

    def __init__(
        self,
        at_once: int,
        *,
        room: int = ROOM,
        longest_wait: float = LONGEST_WAIT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._at_once, self._room, self._clock = at_once, room, clock
        self._longest_wait = longest_wait
        self._turns = threading.Semaphore(at_once)
        self._lock = threading.Lock()
        self._inside = 0
        self._whose: set[str] = set()
        self._pace = FIRST_PACE_SECONDS
        self._last_slot = -math.inf

    @property
    def inside(self) -> int:
        """How many have their turn or wait for it."""
        return self._inside

    @contextmanager
    def turn(self, who: str | None = None, *, vet: Callable[[], None] | None = None) -> Iterator[None]:
        """Wait for the turn and have it as long as the block runs.

        ``who`` may be inside once only. ``vet`` raises for whoever has no business here; it is asked before
        they are counted, and not at all where nobody else is inside, who could be kept waiting.

        Raises DomainError ``busy`` (429) at once, with ``retry_after`` in seconds, when ``who`` is inside
        already, or those inside would take longer than half a second, or are as many as there are threads
        for.
        """
        if not self._enter_alone(who):
            if vet is not None:
                vet()
            self._enter(who)
        try:
            with self._turns:
                begun = self._clock()
                yield
                self._learn(self._clock() - begun)
        finally:
            with self._lock:
                self._inside -= 1
                self._whose.discard(who or "")

    def _enter_alone(self, who: str | None) -> bool:
        """Be counted if nobody is inside; says whether."""
        with self._lock:
            if self._inside:
                return False
            self._count(who)
            return True

    def _enter(self, who: str | None) -> None:
        """Be counted, or be told after how many seconds to come again."""
        with self._lock:
            wait = self._inside * self._pace
            is_long = self._inside >= FEW and wait > self._longest_wait
            is_second = who in self._whose
            if not is_second and self._inside < self._room and not is_long:
                self._count(who)
                return
            # A second one is no part of the crowd: the next slot is for somebody else.
            seconds = max(1, math.ceil(wait)) if is_second else self._absence(wait)
        words = _("Many phones are sending now. Send it again later.")
        if is_second:
            words = _("This phone is sending already. Send it again in a moment.")
        raise DomainError("busy", words, status=429, retry_after=seconds)

    def _count(self, who: str | None) -> None:
        self._inside += 1
        if who is not None:
            self._whose.add(who)

    def _absence(self, wait: float) -> int:
        """Seconds after which the next of those sent away comes again: each has a slot of its own."""
        now = self._clock()
        self._last_slot = max(self._last_slot, now + wait) + self._pace
        if self._last_slot > now + LONGEST_ABSENCE_SECONDS:
            self._last_slot = now + LONGEST_ABSENCE_SECONDS
            return random.randint(LONGEST_ABSENCE_SECONDS // 2, LONGEST_ABSENCE_SECONDS)  # noqa: S311 - no secret
        return math.ceil(self._last_slot - now)

    def _learn(self, seconds: float) -> None:
        with self._lock:
            self._pace += (seconds / self._at_once - self._pace) * WEIGHT


def install(app: Flask) -> None:
    """Give an application its turnstile."""
    on_sqlite = app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    app.extensions["upload_turnstile"] = Turnstile(AT_ONCE_ON_SQLITE if on_sqlite else AT_ONCE)


def turnstile() -> Turnstile:
    """The turnstile of the application that is asked now."""
    found: Turnstile = current_app.extensions["upload_turnstile"]
    return found
