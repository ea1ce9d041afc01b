"""The board's picture: what lies where, in the units of its own scale, with few shapes for each lab."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask_babel import gettext as _

from labtracker.fleet.queries import Absence
from labtracker.fleet.words import CLOSURE_KINDS
from labtracker.kit.time import instant_at, local_day
from labtracker.scheduling.queries.board import BoardStay, Lane
from labtracker.scheduling.rules.travel import Stay
from labtracker.scheduling.wording import DEPLOYMENT_STATES, day_words

EDGE = 6  # above and below a stay


@dataclass(frozen=True)
class Scale:
    """How wide a week and how high a lab is drawn, how wide training must be to carry a name, and every
    how many weeks the head says which it is.
    """

    week: int
    height: int
    name_from: int
    named: int


# Weeks on one board, and how they are drawn.
SCALES = {
    6: Scale(112, 56, 44, 1),
    13: Scale(64, 48, 44, 1),
    26: Scale(44, 44, 60, 2),
    52: Scale(32, 40, 60, 2),
}


@dataclass(frozen=True)
class Frame:
    """What a board shows: from which Monday on, how many weeks, on whose clocks."""

    first: date
    weeks: int
    zone: str

    @property
    def scale(self) -> Scale:
        """How it is drawn."""
        return SCALES[self.weeks]

    @property
    def last(self) -> date:
        """The last day, a Sunday."""
        return self.first + timedelta(weeks=self.weeks, days=-1)

    @property
    def starts_at(self) -> datetime:
        """Its left edge."""
        return instant_at(self.first, time(0), self.zone)

    @property
    def ends_at(self) -> datetime:
        """Its right edge."""
        return instant_at(self.first + timedelta(weeks=self.weeks), time(0), self.zone)

    @property
    def width(self) -> int:
        """Units from edge to edge."""
        return self.scale.week * self.weeks


@dataclass(frozen=True)
class Block:
    """One stay that can be taken hold of: where it lies, what it is called."""

    id: UUID
    status: str
    first_on: date
    words: str
    x: float
    width: float
    name: str
    name_x: float


@dataclass(frozen=True)
class Shut:
    """Days on which a lab is out of service, as they lie on the board."""

    id: UUID
    words: str
    x: float
    width: float


@dataclass(frozen=True)
class Drawing:
    """One lab's lane: its blocks, and as one path each whatever is the same for all of them."""

    lane: Lane
    shut: Sequence[Shut]
    blocks: Sequence[Block]
    training: dict[str, str]
    driving: str
    others: str


def ruler(frame: Frame) -> Callable[[datetime], float]:
    """Where an instant lies on the board; before its left edge less than nothing."""
    starts_at = frame.starts_at
    units = frame.width / (frame.ends_at - starts_at).total_seconds()
    return lambda instant: round((instant - starts_at).total_seconds() * units, 1)


def draw(lanes: Sequence[Lane], frame: Frame) -> list[Drawing]:
    """Every lane to scale."""
    words = _DayWords()
    return [_drawing(lane, frame, words) for lane in lanes]


class _DayWords(dict[date, str]):
    """Days in words, each said once."""

    def __missing__(self, day: date) -> str:
        return self.setdefault(day, day_words(day))


def _drawing(lane: Lane, frame: Frame, words: _DayWords) -> Drawing:
    at, edge = ruler(frame), frame.width
    height = frame.scale.height - 2 * EDGE
    training: dict[str, list[str]] = {}
    driving: list[str] = []
    others: list[str] = []
    blocks = []

    def cut(instant: datetime) -> float:
        return min(max(at(instant), 0.0), float(edge))

    def box(start: float, end: float) -> str:
        return f"M{start:g} {EDGE}h{end - start:.4g}v{height}h-{end - start:.4g}z" if end > start else ""

    for stay in lane.stays:
        x, end = cut(stay.leaves_home_at), cut(stay.home_at)
        end = max(end, x + 4)
        if not stay.wanted:
            others.append(box(x, end))
            continue
        ready, packs = cut(stay.ready_at), cut(stay.packs_at)
        training.setdefault(stay.status, []).append(box(ready, packs))
        driving += [box(x, cut(stay.arrives_at)), box(cut(stay.packed_at), end)]
        named = stay.city if packs - ready >= frame.scale.name_from else ""
        blocks.append(
            Block(stay.id, stay.status, stay.first_on, _words(stay, frame, words), x, round(end - x, 1),
                  _fitting(named, packs - ready), ready)
        )  # fmt: skip
    shut = [
        Shut(one.id, _shut_words(one, frame, words), x := cut(one.starts_at), round(cut(one.ends_at) - x, 1))
        for one in lane.closures
    ]
    joined = {status: "".join(paths) for status, paths in training.items()}
    return Drawing(lane, shut, blocks, joined, "".join(driving), "".join(others))


def _words(stay: BoardStay, frame: Frame, words: _DayWords) -> str:
    first, last = (local_day(at, frame.zone) for at in (stay.leaves_home_at, stay.home_at))
    return f"{stay.site}, {stay.city}: {words[first]} – {words[last]}, {DEPLOYMENT_STATES[stay.status]}"


def _shut_words(closure: Absence, frame: Frame, words: _DayWords) -> str:
    first, last = (local_day(at, frame.zone) for at in (closure.starts_at, closure.last_at))
    kind = CLOSURE_KINDS[closure.kind]
    return _("Out of service (%(why)s): %(first)s – %(last)s", why=kind, first=words[first], last=words[last])


def _fitting(name: str, width: float) -> str:
    """As much of a name as fits a width, at about seven units a letter."""
    most = int((width - 8) // 7)
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…" if most > 3 else ""


@dataclass(frozen=True)
class Outline:
    """Where a stay that is only thought of would lie, uncut."""

    x: float
    width: float
    train_x: float
    train_width: float


def outline(stay: Stay, frame: Frame) -> Outline:
    """A worked out stay on this board."""
    at = ruler(frame)
    x, ready = at(stay.leaves_home_at), at(stay.ready_at)
    return Outline(x, round(at(stay.home_at) - x, 1), ready, round(at(stay.packs_at) - ready, 1))
