"""Since when the server surely knew of a frame, asked where a trainer had left when it came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from labtracker.checkin.bodies import Body
from labtracker.checkin.queries.tenures import Trainers, links_from
from labtracker.checkin.rules.tenure import Link, known_since
from labtracker.checkin.services.inbox import Chain, Known, Seen
from labtracker.checkin.services.reading import Item
from labtracker.kit.time import to_ms


def known_of_upload(
    readable: Sequence[tuple[Item, Body]], known: Known, chain: Chain, trainers: Trainers, now: datetime
) -> dict[bytes, int]:
    """By hash, since when frames of an upload are known, where that is earlier than now.

    Only what was recorded in the name of somebody who left is asked about, and only where something stored
    might prove more than its coming now.
    """
    now_ms = to_ms(now)
    doubted = [item for item, body in readable if item.seq is not None and _has_left(trainers, body, now_ms)]
    if not doubted:
        return {}
    first = min(item.seq or 0 for item in doubted)
    carried = any(isinstance(known.frames.get((item.key, False, False)), Seen) for item in doubted)
    if chain.highest < first and not carried:
        return {}
    stored = links_from(chain.device_id, chain.incarnation, first, {item.key for item in doubted})
    fresh = [
        Link(item.seq, item.key, bytes.fromhex(item.prev) if item.prev else None, now_ms)
        for item, _body in readable
        if item.seq is not None
    ]
    return known_since([*stored, *fresh])


def known_of_stored(readable: Iterable[tuple[Any, Body, Trainers]]) -> dict[bytes, int]:
    """By hash, since when stored frames are known, where somebody had left by the time at which they came."""
    doubted: dict[tuple[UUID, str], list[Any]] = defaultdict(list)
    for row, body, trainers in readable:
        if _has_left(trainers, body, to_ms(row.arrived_at)):
            doubted[row.device_id, row.incarnation].append(row)
    known: dict[bytes, int] = {}
    for (device_id, incarnation), rows in doubted.items():
        first, hashes = min(row.seq for row in rows), {bytes(row.hash) for row in rows}
        known |= known_since(links_from(device_id, incarnation, first, hashes))
    return known


def _has_left(trainers: Trainers, body: Body, at_ms: int) -> bool:
    tenure = trainers.get(body.by) if trainers is not None and body.by is not None else None
    return tenure is not None and tenure.has_lapsed(at_ms)
