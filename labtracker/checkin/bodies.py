"""The body of a frame, decoded: what phones say happened."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from labtracker.checkin.rules.corrected_time import Sync
from labtracker.kit.ssn import without_ssn

VERSION = 1
# The year 9999 begins: days are added to what is told, and a calendar ends a year later.
LATEST_MS = 253_370_764_800_000
HIGHEST_LEVEL = 9
DEEPEST = 8  # levels of what describes a session that is not listed; phones send two

CHECK_TYPES = frozenset({"check_in", "check_out", "walk_in"})
SESSION_TYPES = frozenset({"session_open", "session_close", "session_reopen", "session_cancel"})
WORKER_TYPES = frozenset({"excuse", "assessment", "sign_off", "consent"})
INITIALS = "initials"
TYPES = CHECK_TYPES | SESSION_TYPES | WORKER_TYPES | {"void", "note", INITIALS}
# Judgements of a worker, which count only from somebody who trains them.
WITNESSED = WORKER_TYPES - {"excuse"}
# What somebody decides, rather than sees.
DECIDED = SESSION_TYPES | {"excuse"}
DECISIVE = DECIDED | WITNESSED | {"void"}
# These belong to a session; the others may name one.
NEEDS_SESSION = CHECK_TYPES | SESSION_TYPES | {"excuse"}
# Placed by badge and time where the phone could not tell the session.
PLACED = CHECK_TYPES | {INITIALS}
METHODS = frozenset({"scan", "code", "manual", "reader", "crew", "paper", "self", "web"})


class SyncBody(msgspec.Struct):
    """The last server time the phone saw, with its own clocks at that moment."""

    server_ms: int
    wall_ms: int
    mono_ms: int
    boot: str


class WalkIn(msgspec.Struct):
    """Somebody who is on no list: an id made by the phone, and what was typed."""

    id: UUID
    name: str
    employer: str | None = None


class Body(msgspec.Struct):
    """A frame's body. Fields that this version does not know stay in the raw frame."""

    v: int
    id: UUID
    type: str
    wall_ms: int
    mono_ms: int = 0
    boot: str = ""
    sync: SyncBody | None = None
    by: UUID | None = None
    method: str | None = None
    session: UUID | None = None
    chosen_session: UUID | None = None
    badge_hash: str | None = None
    badge_code: str | None = None
    enrollment: UUID | None = None
    walk_in: WalkIn | None = None
    target: UUID | None = None
    ended_ms: int | None = None
    score: float | None = None
    skill: str | None = None
    level: int | None = None
    granted: bool | None = None
    make_up: bool = False
    not_enrolled: bool = False
    reason: str | None = None
    text: str | None = None
    note: str | None = None
    ad_hoc: dict[str, Any] | None = None
    recorded_ms: int | None = None

    def synced(self) -> Sync | None:
        """The phone's last sync in the terms of the corrected-time rule."""
        told = self.sync
        return Sync(told.server_ms, told.wall_ms, told.mono_ms, told.boot) if told else None


class _Opening(msgspec.Struct):
    """What every version of the body has, so that an unknown one can be told from a damaged one."""

    v: int | None = None
    type: str | None = None
    id: UUID | None = None


_body = msgspec.json.Decoder(Body)
_opening = msgspec.json.Decoder(_Opening)


class Undecodable(msgspec.Struct):
    """Why a body says nothing to this version, with its id if it has one."""

    code: str
    id: UUID | None = None


def decode_body(raw: bytes) -> Body | Undecodable:
    """A frame's body, or the code under which it is set aside."""
    try:
        body = _body.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _why_not(raw)
    if body.v != VERSION or body.type not in TYPES:
        return Undecodable("unknown_schema", body.id)
    code = _incomplete(body)
    return Undecodable(code, body.id) if code else _without_numbers(body)


def _without_numbers(body: Body) -> Body:
    """The body with every Social Security number taken out of its words.

    What was recorded without signal must not be refused, and its bytes are evidence that stays as it came.
    Everything that is made of them, and every page but the one that hands out the bytes, is made of this.
    """
    for name in ("reason", "text", "note", "skill"):
        words = getattr(body, name)
        if words:
            setattr(body, name, without_ssn(words))
    if body.walk_in is not None:
        body.walk_in.name = without_ssn(body.walk_in.name).strip() or "–"
        body.walk_in.employer = without_ssn(body.walk_in.employer or "") or None
    body.ad_hoc = _words_without(body.ad_hoc) if body.ad_hoc else body.ad_hoc
    return body


def _words_without(value: Any) -> Any:
    if isinstance(value, str):
        return without_ssn(value)
    if isinstance(value, dict):
        return {name: _words_without(one) for name, one in value.items()}
    return [_words_without(one) for one in value] if isinstance(value, list) else value


def _why_not(raw: bytes) -> Undecodable:
    try:
        opening = _opening.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Undecodable("damaged_json")
    unknown = opening.v != VERSION or opening.type not in TYPES
    return Undecodable("unknown_schema" if unknown else "bad_body", opening.id)


def _incomplete(body: Body) -> str | None:
    kind = body.type
    needs_somebody = kind in PLACED or kind in WORKER_TYPES
    named = body.badge_hash or body.badge_code or body.enrollment or body.walk_in
    if (
        (needs_somebody and not named)
        or (kind == "walk_in" and body.walk_in is None)
        or (kind in ("void", INITIALS) and body.target is None)
        or (kind == "assessment" and (body.score is None or not 0 <= body.score <= 100))
        or (kind == "sign_off" and not _is_sign_off(body))
        or (kind == "consent" and body.granted is None)
        or _is_deep(body.ad_hoc)
    ):
        return "bad_body"
    if body.ended_ms is not None and not 0 <= body.ended_ms <= LATEST_MS:
        return "impossible_time"
    return None


def _is_sign_off(body: Body) -> bool:
    """Whether it names a skill, and a level that a scale may have if it names one: older phones do not."""
    return bool(body.skill) and (body.level is None or 1 <= body.level <= HIGHEST_LEVEL)


def _is_deep(value: Any, levels: int = DEEPEST) -> bool:
    """Whether something is nested so deeply that writing it down again, or reading it, might fail."""
    if not isinstance(value, (dict, list)):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deep(one, levels - 1) for one in inner)


KEPT = (
    "badge_code",
    "ended_ms",
    "score",
    "skill",
    "level",
    "granted",
    "reason",
    "text",
    "note",
    "ad_hoc",
    "recorded_ms",
)


def payload_of(body: Body) -> dict[str, Any]:
    """What is kept of a body beside the event's columns."""
    payload: dict[str, Any] = {}
    for name in KEPT:
        value = getattr(body, name)
        if value is not None:
            payload[name] = value
    if body.chosen_session is not None and body.chosen_session != body.session:
        payload["chosen_session"] = str(body.chosen_session)
    if body.type == INITIALS:
        payload["target"] = str(body.target)
    if body.walk_in is not None:
        walk_in = body.walk_in
        payload["walk_in"] = {"id": str(walk_in.id), "name": walk_in.name, "employer": walk_in.employer}
    return payload
