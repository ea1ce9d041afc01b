"""Presence: a set of events and a session's window in, status and minutes out.

Nothing here depends on the order in which events arrived, nor on how often.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MINUTE_MS = 60_000
ARRIVALS = frozenset({"check_in", "walk_in"})

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PresenceEvent:
    """What presence needs of an event. ``ended_ms`` belongs to ``session_cancel``, ``target`` to ``void``."""

    id: str
    hash: str
    type: str
    at_ms: int
    target: str | None = None
    ended_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A session's scheduled time with its breaks; ``cancelled`` when the calendar called it off."""

    starts_ms: int
    ends_ms: int
    breaks: Sequence[Span] = ()
    grace_minutes: int = 7
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class SessionState:
    """What a session's own events say: when it really opened and closed, and whether it ended early."""

    opened_ms: int | None
    closed_ms: int | None
    ended_early_ms: int | None


@dataclass(frozen=True, slots=True)
class Presence:
    """One worker in one session, resolved."""

    status: str
    is_open: bool
    credited_minutes: int
    scheduled_minutes: int
    flags: tuple[str, ...]
    first_in_ms: int | None
    last_out_ms: int | None


def events_in_force(events: Iterable[PresenceEvent]) -> list[PresenceEvent]:
    """Each event once, without voids and what they remove, in corrected time order.

    A void works unless a void that works names it. Voids that name each other in a circle, or one
    that names itself, do nothing.
    """
    once = {event.hash: event for event in events}.values()
    removed = voided_ids([event for event in once if event.type == "void"])
    kept = [event for event in once if event.type != "void" and event.id not in removed]
    return sorted(kept, key=lambda event: (event.at_ms, event.id, event.hash))


def voided_ids(voids: Sequence[PresenceEvent]) -> set[str]:
    """The ids of everything that these voids remove, voids among them."""
    if not voids:
        return set()
    targets: dict[str, set[str]] = {}
    named_by: dict[str, set[str]] = {}
    for void in voids:
        if void.target is not None:
            targets.setdefault(void.id, set()).add(void.target)
            named_by.setdefault(void.target, set()).add(void.id)
    removed: set[str] = set()
    ready = [void for void in targets if void not in named_by]
    while ready:
        for target in targets[ready.pop()] - removed:
            removed.add(target)
            for freed in targets.get(target, ()):
                # What the removed void named works again once nothing undecided or working names it.
                if freed in targets and freed not in removed and named_by[freed] <= removed:
                    ready.append(freed)
    return removed


def session_state(in_force: Iterable[PresenceEvent]) -> SessionState:
    """Opened, closed, ended early: the last word in corrected time order counts."""
    opened = closed = ended = None
    for event in in_force:
        if event.type == "session_open":
            opened = event.at_ms if opened is None else opened
        elif event.type == "session_close":
            closed = event.at_ms
        elif event.type == "session_reopen":
            closed = ended = None
        elif event.type == "session_cancel":
            closed = event.at_ms
            ended = event.ended_ms if event.ended_ms is not None else event.at_ms
    return SessionState(opened, closed, ended)


def presence(events: Iterable[PresenceEvent], window: Window, *, make_up: bool = False) -> Presence:
    """Resolve one worker's events, and the session's own, into status, flags and minutes.

    ``make_up`` is set when the worker is enrolled in another cohort of the course: minutes are
    credited, but nothing is scheduled.
    """
    in_force = events_in_force(events)
    state = session_state(in_force)
    starts, ends = effective_window(window, state.ended_early_ms)
    stays, open_since, flags = _stays(in_force)
    is_open = False
    if open_since is not None:
        if state.closed_ms is not None:
            stays.append((open_since, max(ends, open_since)))
            flags.add("assumed_out")
        else:
            is_open = True
    still_in = open_since if is_open else None
    credited = _credit(stays, still_in, (starts, ends), window.grace_minutes * MINUTE_MS, flags)
    pauses = _merged(window.breaks, starts, ends)
    arrivals = [event.at_ms for event in in_force if event.type in ARRIVALS]
    leaves = [event.at_ms for event in in_force if event.type == "check_out"]
    if make_up:
        flags.add("make_up")
    excused = any(event.type == "excuse" for event in in_force)
    if arrivals:
        status = "present"
        if excused:
            flags.add("excused_but_present")
    else:
        status = "excused" if excused else "absent"
    return Presence(
        status=status,
        is_open=is_open,
        credited_minutes=_minutes(credited, pauses),
        scheduled_minutes=0 if make_up else scheduled_minutes(window, state.ended_early_ms),
        flags=tuple(sorted(flags)),
        first_in_ms=min(arrivals, default=None),
        last_out_ms=max(leaves, default=None) if open_since is None else None,
    )


def effective_window(window: Window, ended_early_ms: int | None) -> Span:
    """The window after an early end; empty when the session was called off."""
    if window.cancelled:
        return window.starts_ms, window.starts_ms
    if ended_early_ms is None:
        return window.starts_ms, window.ends_ms
    return window.starts_ms, max(window.starts_ms, min(window.ends_ms, ended_early_ms))


def scheduled_minutes(window: Window, ended_early_ms: int | None) -> int:
    """Minutes of instruction that a session offers: its window after an early end, breaks taken out."""
    starts, ends = effective_window(window, ended_early_ms)
    return _minutes([(starts, ends)], _merged(window.breaks, starts, ends))


def held_minutes(window: Window, ended_early_ms: int | None, *, begun: bool) -> int:
    """What a session adds to the scheduled time of everybody who is expected: nothing unless it was held.

    ``begun`` says that somebody opened it, arrived in it or closed it. One that ended before it started
    was called off, not held.
    """
    return scheduled_minutes(window, ended_early_ms) if begun else 0


def _stays(in_force: Iterable[PresenceEvent]) -> tuple[list[Span], int | None, set[str]]:
    """Pairs of in and out, the in that waits for its out, and what was odd."""
    stays: list[Span] = []
    flags: set[str] = set()
    since: int | None = None
    seen = False
    for event in in_force:
        if event.type in ARRIVALS:
            if since is not None:
                flags.add("double_in")
            else:
                since = event.at_ms
            seen = True
        elif event.type == "check_out":
            if since is not None:
                stays.append((since, event.at_ms))
                since = None
            else:
                flags.add("double_out" if seen else "missing_in")
            seen = True
    return stays, since, flags


def _credit(
    stays: Sequence[Span], still_in: int | None, window: Span, grace: int, flags: set[str]
) -> list[Span]:
    """Stays clipped to the window, with grace at its two ends; adds ``late`` and ``left_early``."""
    starts, ends = window
    inside = [stay for stay in stays if stay[1] > starts and stay[0] < ends]
    came = [stay[0] for stay in inside]
    stays_on = still_in is not None and still_in < ends
    if still_in is not None and stays_on:
        came.append(still_in)
    if came and min(came) > starts + grace:
        flags.add("late")
    if not inside:
        return []
    first, last = inside[0], inside[-1]
    if not stays_on and last[1] < ends - grace:
        flags.add("left_early")
    credited = [(max(start, starts), min(end, ends)) for start, end in inside]
    if starts < first[0] <= starts + grace:
        credited[0] = (starts, credited[0][1])
    if not stays_on and ends - grace <= last[1] < ends:
        credited[-1] = (credited[-1][0], ends)
    return credited


def _merged(spans: Iterable[Span], starts: int, ends: int) -> list[Span]:
    """Spans clipped to the window and joined where they touch, in order."""
    merged: list[Span] = []
    for start, end in sorted((max(start, starts), min(end, ends)) for start, end in spans):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _minutes(spans: Iterable[Span], pauses: Sequence[Span]) -> int:
    """Whole minutes of the spans less what falls into a pause."""
    total = 0
    for start, end in spans:
        total += max(0, end - start)
        total -= sum(max(0, min(end, stop) - max(start, begin)) for begin, stop in pauses)
    return total // MINUTE_MS
