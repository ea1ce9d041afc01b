"""One sentence for every conflict and every way out, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import ngettext

from labtracker.fleet.words import closed_day_name
from labtracker.scheduling.rules.conflicts import Conflict, ConflictKind, WayOut, WayOutKind
from labtracker.scheduling.wording import day_words, hours_words, instant_words, span_words
from labtracker.scheduling.wording.fleet import FLEET_WORDS


def conflict_words(conflict: Conflict, zone: str) -> str:
    """One sentence for a conflict: what, with whom, when."""
    return str(_WORDS[conflict.kind](conflict, zone))


def _when(conflict: Conflict, zone: str) -> str:
    return span_words(conflict.overlap, zone) if conflict.overlap else ""


def _other(conflict: Conflict) -> str:
    return conflict.other.name if conflict.other else ""


def _lab_taken(conflict: Conflict, zone: str) -> str:
    return _(
        "%(when)s: %(lab)s is taken by the deployment at %(other)s, travel and set-up included.",
        lab=conflict.party.name,
        other=_other(conflict),
        when=_when(conflict, zone),
    )


def _out_of_service(conflict: Conflict, zone: str) -> str:
    return _(
        "%(when)s: %(name)s is out of service (%(other)s).",
        name=conflict.party.name,
        other=_other(conflict),
        when=_when(conflict, zone),
    )


def _person_taken(conflict: Conflict, zone: str) -> str:
    words = {"person": conflict.party.name, "other": _other(conflict), "when": _when(conflict, zone)}
    if conflict.wanted is None:
        return _("%(when)s: %(person)s is already taken by %(other)s, travel included.", **words)
    return _(
        "%(when)s: %(person)s would have to be on the way, but is at %(other)s: "
        "the drive takes %(drive)s, and %(gap)s lie between.",
        drive=hours_words(conflict.wanted),
        gap=hours_words(conflict.possible or 0),
        **words,
    )


def _person_away(conflict: Conflict, zone: str) -> str:
    return _(
        "%(when)s: %(person)s is away (%(other)s).",
        person=conflict.party.name,
        other=_other(conflict),
        when=_when(conflict, zone),
    )


def _vehicle_taken(conflict: Conflict, zone: str) -> str:
    return _(
        "%(when)s: %(vehicle)s is taken by the deployment at %(other)s.",
        vehicle=conflict.party.name,
        other=_other(conflict),
        when=_when(conflict, zone),
    )


def _room_taken(conflict: Conflict, zone: str) -> str:
    return _(
        "%(when)s: %(cohort)s would meet at the same time as %(other)s.",
        cohort=conflict.party.name,
        other=_other(conflict),
        when=_when(conflict, zone),
    )


def _closed_day(conflict: Conflict, zone: str) -> str:
    name = closed_day_name(_other(conflict))
    return _("%(when)s lies on a closed day: %(name)s.", when=_when(conflict, zone), name=name)


def _not_equipped(conflict: Conflict, _zone: str) -> str:
    return _("%(lab)s is not equipped for %(course)s.", lab=conflict.party.name, course=_other(conflict))


def _too_many(conflict: Conflict, _zone: str) -> str:
    return _(
        "%(wanted)s workers do not fit the %(possible)s seats of %(lab)s.",
        wanted=conflict.wanted,
        possible=conflict.possible,
        lab=conflict.party.name,
    )


def _outside_gate_hours(conflict: Conflict, zone: str) -> str:
    at = instant_words(conflict.overlap.starts_at, zone) if conflict.overlap else ""
    return _(
        "%(lab)s would arrive on %(at)s, when the gate is closed (%(hours)s).",
        lab=conflict.party.name,
        at=at,
        hours=_other(conflict),
    )


def _drive_too_long(conflict: Conflict, _zone: str) -> str:
    return _(
        "%(lab)s needs %(wanted)s on the road; eight hours of driving on each working day give %(possible)s.",
        lab=conflict.party.name,
        wanted=hours_words(conflict.wanted or 0),
        possible=hours_words(conflict.possible or 0),
    )


def _setup_too_short(conflict: Conflict, _zone: str) -> str:
    return _(
        "%(lab)s needs %(wanted)s to be set up; %(possible)s are left before the first session.",
        lab=conflict.party.name,
        wanted=hours_words(conflict.wanted or 0),
        possible=hours_words(conflict.possible or 0),
    )


def _teardown_too_short(conflict: Conflict, _zone: str) -> str:
    return _(
        "%(lab)s needs %(wanted)s to be packed; %(possible)s are left after the last session.",
        lab=conflict.party.name,
        wanted=hours_words(conflict.wanted or 0),
        possible=hours_words(conflict.possible or 0),
    )


def _readiness_conditions(conflict: Conflict, _zone: str) -> str:
    return ngettext(
        "%(site)s is ready for %(lab)s on %(num)s condition that nobody accepted yet.",
        "%(site)s is ready for %(lab)s on %(num)s conditions that nobody accepted yet.",
        conflict.wanted or 0,
        site=conflict.party.name,
        lab=_other(conflict),
    )


def _readiness_partial(conflict: Conflict, _zone: str) -> str:
    return ngettext(
        "The check of %(site)s leaves %(num)s need of %(lab)s open.",
        "The check of %(site)s leaves %(num)s needs of %(lab)s open.",
        conflict.wanted or 0,
        site=conflict.party.name,
        lab=_other(conflict),
    )


def _readiness_lapses(conflict: Conflict, _zone: str) -> str:
    assert conflict.on is not None
    return _(
        "The check of %(site)s for %(lab)s lapses on %(day)s, before the lab arrives.",
        site=conflict.party.name,
        lab=_other(conflict),
        day=day_words(conflict.on),
    )


def _hours_missing(conflict: Conflict, _zone: str) -> str:
    wanted, possible = conflict.wanted or 0, conflict.possible or 0
    return _(
        "The sessions give %(possible)s of %(wanted)s: %(missing)s are missing.",
        possible=hours_words(possible),
        wanted=hours_words(wanted),
        missing=hours_words(wanted - possible),
    )


def _pad_too_short(conflict: Conflict, _zone: str) -> str:
    return _(
        "%(lab)s is %(wanted)s ft long; the site offers %(possible)s ft.",
        lab=conflict.party.name,
        wanted=conflict.wanted,
        possible=conflict.possible,
    )


def _power_too_weak(conflict: Conflict, _zone: str) -> str:
    return _(
        "%(lab)s needs %(wanted)s kW; the site offers %(possible)s kW.",
        lab=conflict.party.name,
        wanted=conflict.wanted,
        possible=conflict.possible,
    )


_WORDS: dict[ConflictKind, Callable[[Conflict, str], str]] = {
    ConflictKind.LAB_TAKEN: _lab_taken,
    ConflictKind.LAB_CLOSED: _out_of_service,
    ConflictKind.PERSON_TAKEN: _person_taken,
    ConflictKind.PERSON_AWAY: _person_away,
    ConflictKind.VEHICLE_TAKEN: _vehicle_taken,
    ConflictKind.VEHICLE_CLOSED: _out_of_service,
    ConflictKind.ROOM_TAKEN: _room_taken,
    ConflictKind.NOT_EQUIPPED: _not_equipped,
    ConflictKind.LAB_RETIRED: lambda one, _zone: _("%(lab)s is no longer in service.", lab=one.party.name),
    ConflictKind.TOO_MANY: _too_many,
    ConflictKind.CLOSED_DAY: _closed_day,
    ConflictKind.OUTSIDE_GATE_HOURS: _outside_gate_hours,
    ConflictKind.DRIVE_TOO_LONG: _drive_too_long,
    ConflictKind.SETUP_TOO_SHORT: _setup_too_short,
    ConflictKind.TEARDOWN_TOO_SHORT: _teardown_too_short,
    ConflictKind.NOT_READY: lambda one, _zone: _(
        "%(site)s was found not ready for %(lab)s.", site=one.party.name, lab=_other(one)
    ),
    ConflictKind.READINESS_MISSING: lambda one, _zone: _(
        "Nobody checked yet whether %(site)s is ready for %(lab)s.",
        site=one.party.name,
        lab=_other(one),
    ),
    ConflictKind.READINESS_CONDITIONS: _readiness_conditions,
    ConflictKind.READINESS_PARTIAL: _readiness_partial,
    ConflictKind.READINESS_LAPSES: _readiness_lapses,
    ConflictKind.NO_SESSIONS: lambda _one, _zone: _("From this day on the shift gives no session at all."),
    ConflictKind.IN_THE_PAST: lambda _one, _zone: _("The first session would lie in the past."),
    ConflictKind.HOURS_MISSING: _hours_missing,
    ConflictKind.OUTSIDE_WINDOWS: lambda _one, _zone: _(
        "These days lie outside what the employer asked for."
    ),
    ConflictKind.PAD_TOO_SHORT: _pad_too_short,
    ConflictKind.POWER_TOO_WEAK: _power_too_weak,
    **FLEET_WORDS,
}


def way_out_words(way: WayOut) -> str:
    """One sentence for a way out that was checked."""
    if way.kind is WayOutKind.OTHER_DAY and way.first_on:
        return _("Begin on %(day)s: the lab and its crew are free then.", day=day_words(way.first_on))
    name = way.party.name if way.party else ""
    if way.kind is WayOutKind.OTHER_PERSON:
        if way.replaces is None:
            return _("%(person)s is free for all of these sessions.", person=name)
        return _("%(person)s is free and could stand in for %(who)s.", person=name, who=way.replaces.name)
    if way.miles_more is None:
        return _("%(lab)s could do it on the same days.", lab=name)
    if way.miles_more < 0:
        return ngettext(
            "%(lab)s could do it on the same days, %(num)s mile nearer.",
            "%(lab)s could do it on the same days, %(num)s miles nearer.",
            -way.miles_more,
            lab=name,
        )
    return ngettext(
        "%(lab)s could do it on the same days, %(num)s mile farther.",
        "%(lab)s could do it on the same days, %(num)s miles farther.",
        way.miles_more,
        lab=name,
    )
