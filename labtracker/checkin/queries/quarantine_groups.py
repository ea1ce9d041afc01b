"""Frames that wait, grouped: the same phone, person, session and reason are one story, decided together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.bodies import Body
from labtracker.checkin.models import DECISIONS, InboxFrame
from labtracker.checkin.queries.quarantine import Entry, body_of, entries_of
from labtracker.extensions import db

# So many of the oldest are read for their groups, and so many are shown and decided about at once.
MOST_READ = 2000
MOST_TOGETHER = 100


@dataclass(frozen=True)
class Story:
    """What the frames of a group have in common; ``code`` is none for those that count for nobody."""

    phone: UUID
    by: UUID | None
    session: UUID | None
    code: str | None


@dataclass(frozen=True)
class Group:
    """A story with how many frames tell it, and the oldest of them."""

    story: Story
    count: int
    oldest: Entry


def story_of(frame: InboxFrame) -> Story:
    """To which group a frame belongs."""
    body = body_of(frame)
    said = body if isinstance(body, Body) else None
    return Story(frame.device_id, said.by if said else None, said.session if said else None, frame.code)


def groups_of(waiting: sa.Select[InboxFrame]) -> list[Group]:
    """The groups of the oldest ``MOST_READ`` frames that wait, the largest first."""
    members: dict[Story, list[InboxFrame]] = {}
    for frame in db.session.scalars(waiting.limit(MOST_READ)):
        members.setdefault(story_of(frame), []).append(frame)
    oldest = entries_of([frames[0] for frames in members.values()])
    groups = [
        Group(story, len(frames), entry)
        for (story, frames), entry in zip(members.items(), oldest, strict=True)
    ]
    return sorted(groups, key=lambda group: -group.count)


def members_of(story: Story, waiting: sa.Select[InboxFrame]) -> tuple[list[Entry], int]:
    """The oldest ``MOST_TOGETHER`` frames of a group, and how many it has among the oldest ``MOST_READ``."""
    alike = waiting.where(
        InboxFrame.device_id == story.phone, InboxFrame.code.is_not_distinct_from(story.code)
    )
    found = [frame for frame in db.session.scalars(alike.limit(MOST_READ)) if story_of(frame) == story]
    return entries_of(found[:MOST_TOGETHER]), len(found)


def last_said(frames: Sequence[InboxFrame]) -> dict[int, int]:
    """By frame, the number of the last decision about it, opening again included; 0 for none."""
    rows = db.session.execute(
        sa.select(DECISIONS.c.hash, DECISIONS.c.damaged, sa.func.max(DECISIONS.c.id))
        .where(DECISIONS.c.hash.in_({frame.hash for frame in frames}))
        .group_by(DECISIONS.c.hash, DECISIONS.c.damaged)
    )
    last = {(bytes(found), damaged): number for found, damaged, number in rows}
    return {frame.id: last.get((bytes(frame.hash), frame.damaged), 0) for frame in frames}
