"""Some at once, some wait a moment, the rest are told at once when to come again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from labtracker.errors import DomainError
from labtracker.web.turnstile import (
    FIRST_PACE_SECONDS,
    LONGEST_ABSENCE_SECONDS,
    LONGEST_WAIT_SECONDS,
    Turnstile,
)


class Clock:
    """Seconds that pass when told."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def speaking(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def has_paced(clock: Clock, seconds: float, *, room: int = 32) -> Turnstile:
    """One that has seen many turns of so many seconds."""
    turnstile = Turnstile(1, room=room, clock=clock)
    for _time in range(100):
        with turnstile.turn():
            clock.now += seconds
    return turnstile


@contextmanager
def waiting(turnstile: Turnstile, number: int, *, who: str | None = None) -> Iterator[None]:
    """So many who are inside: one has its turn, the others wait for it. One of them may have a name."""
    over = threading.Event()

    def have_a_turn(name: str | None) -> None:
        with turnstile.turn(name):
            over.wait(20)

    names = [who, *[None] * (number - 1)]
    threads = [threading.Thread(target=have_a_turn, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    # Whoever is refused has ended; whoever is inside is counted before they wait.
    end = time.monotonic() + 20
    while turnstile.inside < number and time.monotonic() < end:
        time.sleep(0.001)
    try:
        assert turnstile.inside == number
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def refused(turnstile: Turnstile, who: str | None = None) -> int:
    """Come, be sent away; gives the seconds told."""
    with pytest.raises(DomainError) as raised, turnstile.turn(who):
        pass
    assert (raised.value.code, raised.value.status) == ("busy", 429)
    seconds: int = raised.value.details["retry_after"]
    return seconds


def test_on_the_slowest_machine_one_has_a_turn_and_one_waits() -> None:
    turnstile = has_paced(Clock(), 30 * LONGEST_WAIT_SECONDS)
    with waiting(turnstile, 2):
        refused(turnstile)


def test_as_many_wait_as_are_answered_soon() -> None:
    clock = Clock()
    slow, fast = has_paced(clock, LONGEST_WAIT_SECONDS * 0.3), has_paced(clock, LONGEST_WAIT_SECONDS / 100)
    with waiting(slow, 4):
        refused(slow)
    with waiting(fast, 20):
        assert fast.inside == 20


def test_nobody_waits_where_no_thread_is_left_for_it() -> None:
    turnstile = has_paced(Clock(), 0.001, room=3)
    with waiting(turnstile, 3):
        refused(turnstile)
    with turnstile.turn():
        pass


def test_before_anything_was_measured_a_few_may_wait() -> None:
    turnstile = Turnstile(1)
    with waiting(turnstile, int(LONGEST_WAIT_SECONDS / FIRST_PACE_SECONDS)):
        assert turnstile.inside >= 8


def test_who_is_sent_away_comes_again_one_after_another() -> None:
    clock = Clock()
    turnstile = has_paced(clock, 0.25)
    with waiting(turnstile, 3):
        told = [refused(turnstile) for _phone in range(40)]
        assert told == sorted(told)
        assert min(told) >= 1
        per_second = [told.count(second) for second in set(told)]
        assert max(per_second) <= 4, "no more in one second than are served in one"
        assert max(told) < 40 * 0.25 * 2 + 4
        clock.now += 1000
        assert refused(turnstile) <= 3, "a crowd of long ago counts no more"


def test_nobody_is_sent_away_for_long_and_the_last_of_a_crowd_do_not_come_together() -> None:
    turnstile = has_paced(Clock(), 2.0)
    with waiting(turnstile, 2):
        told = [refused(turnstile) for _phone in range(1000)]
    assert max(told) <= LONGEST_ABSENCE_SECONDS
    assert len(set(told[500:])) > LONGEST_ABSENCE_SECONDS // 3


def test_a_turn_that_fails_is_over_and_teaches_nothing_of_the_pace() -> None:
    clock = Clock()
    turnstile = has_paced(clock, LONGEST_WAIT_SECONDS * 0.3)
    for _time in range(100):
        with pytest.raises(ZeroDivisionError), turnstile.turn():
            raise ZeroDivisionError
    assert turnstile.inside == 0
    with waiting(turnstile, 4):
        refused(turnstile)


def test_only_so_many_have_their_turn_at_once() -> None:
    turnstile, lock = Turnstile(2, room=100), threading.Lock()
    inside, most = 0, 0

    def have_a_turn() -> None:
        nonlocal inside, most
        with turnstile.turn():
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.01)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=have_a_turn) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_a_second_of_the_same_moves_nobodys_slot() -> None:
    clock = Clock()
    turnstile = has_paced(clock, 0.25)
    with waiting(turnstile, 3, who="a"):
        first = refused(turnstile)
        for _time in range(100):
            assert 1 <= refused(turnstile, "a") <= 2
        assert refused(turnstile) <= first + 1
    with turnstile.turn("a"):
        pass


def test_who_is_vetted_is_vetted_before_being_counted_and_only_beside_others() -> None:
    turnstile = has_paced(Clock(), 0.25)

    def never() -> None:
        raise LookupError

    with turnstile.turn("nobody else is here", vet=never):
        pass
    with waiting(turnstile, 3):
        first = refused(turnstile)
        for _time in range(100):
            with pytest.raises(LookupError), turnstile.turn("stranger", vet=never):
                pass
        assert turnstile.inside == 3
        assert refused(turnstile) <= first + 1
