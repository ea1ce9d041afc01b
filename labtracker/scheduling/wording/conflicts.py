"""One sentence for every conflict and every way out, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from labtracker.scheduling.rules.conflicts import Conflict, ConflictKind, WayOut, WayOutKind
from labtracker.scheduling.wording import day_words, hours_words, instant_words, span_words
from labtracker.scheduling.wording.fleet import FLEET_WORDS
from labtracker.scheduling.wording.sentences import Words, other_name, said


def conflict_words(conflict: Conflict, zone: str) -> str:
    """One sentence for a conflict: what, with whom, when."""
    return _WORDS[conflict.kind](conflict, zone)


def _person_taken(conflict: Conflict, zone: str) -> str:
    words = {
        "person": conflict.party.name,
        "other": other_name(conflict),
        "when": span_words(conflict.overlap, zone) if conflict.overlap else "",
    }
    if conflict.wanted is None:
        return _("%(when)s: %(person)s is already taken by %(other)s, travel included.", **words)
    return _(
        "%(when)s: %(person)s would have to be on the way, but is at %(other)s: "
        "the drive takes %(drive)s, and %(gap)s lie between.",
        drive=hours_words(conflict.wanted),
        gap=hours_words(conflict.possible or 0),
        **words,
    )


def _outside_gate_hours(conflict: Conflict, zone: str) -> str:
    at = instant_words(conflict.overlap.starts_at, zone) if conflict.overlap else ""
    return _(
        "%(lab)s would arrive on %(at)s, when the gate is closed (%(hours)s).",
        lab=conflict.party.name,
        at=at,
        hours=other_name(conflict),
    )


def _readiness_conditions(conflict: Conflict, _zone: str) -> str:
    return ngettext(
        "%(site)s is ready for %(lab)s on %(num)s condition that nobody accepted yet.",
        "%(site)s is ready for %(lab)s on %(num)s conditions that nobody accepted yet.",
        conflict.wanted or 0,
        site=conflict.party.name,
        lab=other_name(conflict),
    )


def _readiness_partial(conflict: Conflict, _zone: str) -> str:
    return ngettext(
        "The check of %(site)s leaves %(num)s need of %(lab)s open.",
        "The check of %(site)s leaves %(num)s needs of %(lab)s open.",
        conflict.wanted or 0,
        site=conflict.party.name,
        lab=other_name(conflict),
    )


def _hours_missing(conflict: Conflict, _zone: str) -> str:
    wanted, possible = conflict.wanted or 0, conflict.possible or 0
    return _(
        "The sessions give %(possible)s of %(wanted)s: %(missing)s are missing.",
        possible=hours_words(possible),
        wanted=hours_words(wanted),
        missing=hours_words(wanted - possible),
    )


_out_of_service = said(_l("%(when)s: %(name)s is out of service (%(other)s)."))

_WORDS: dict[ConflictKind, Words] = {
    ConflictKind.LAB_TAKEN: said(
        _l("%(when)s: %(lab)s is taken by the deployment at %(other)s, travel and set-up included."),
        party="lab",
    ),
    ConflictKind.LAB_CLOSED: _out_of_service,
    ConflictKind.PERSON_TAKEN: _person_taken,
    ConflictKind.PERSON_AWAY: said(_l("%(when)s: %(person)s is away (%(other)s)."), party="person"),
    ConflictKind.VEHICLE_TAKEN: said(
        _l("%(when)s: %(vehicle)s is taken by the deployment at %(other)s."), party="vehicle"
    ),
    ConflictKind.VEHICLE_CLOSED: _out_of_service,
    ConflictKind.ROOM_TAKEN: said(
        _l("%(when)s: %(cohort)s would meet at the same time as %(other)s."), party="cohort"
    ),
    ConflictKind.NOT_EQUIPPED: said(
        _l("%(lab)s is not equipped for %(course)s."), party="lab", other="course"
    ),
    ConflictKind.LAB_RETIRED: said(_l("%(lab)s is no longer in service."), party="lab"),
    ConflictKind.TOO_MANY: said(
        _l("%(wanted)s workers do not fit the %(possible)s seats of %(lab)s."), party="lab"
    ),
    ConflictKind.CLOSED_DAY: said(
        _l("%(when)s lies on a closed day: %(name)s."), party="place", other="name"
    ),
    ConflictKind.OUTSIDE_GATE_HOURS: _outside_gate_hours,
    ConflictKind.DRIVE_TOO_LONG: said(
        _l(
            "%(lab)s needs %(wanted)s on the road; eight hours of driving on each working day give "
            "%(possible)s."
        ),
        party="lab",
        figures=hours_words,
    ),
    ConflictKind.SETUP_TOO_SHORT: said(
        _l("%(lab)s needs %(wanted)s to be set up; %(possible)s are left before the first session."),
        party="lab",
        figures=hours_words,
    ),
    ConflictKind.TEARDOWN_TOO_SHORT: said(
        _l("%(lab)s needs %(wanted)s to be packed; %(possible)s are left after the last session."),
        party="lab",
        figures=hours_words,
    ),
    ConflictKind.NOT_READY: said(_l("%(site)s was found not ready for %(lab)s."), party="site", other="lab"),
    ConflictKind.READINESS_MISSING: said(
        _l("Nobody checked yet whether %(site)s is ready for %(lab)s."), party="site", other="lab"
    ),
    ConflictKind.READINESS_CONDITIONS: _readiness_conditions,
    ConflictKind.READINESS_PARTIAL: _readiness_partial,
    ConflictKind.READINESS_LAPSES: said(
        _l("The check of %(site)s for %(lab)s holds only until %(day)s; the lab arrives later."),
        party="site",
        other="lab",
    ),
    ConflictKind.NO_SESSIONS: said(_l("From this day on the shift gives no session at all.")),
    ConflictKind.IN_THE_PAST: said(_l("The first session would lie in the past.")),
    ConflictKind.HOURS_MISSING: _hours_missing,
    ConflictKind.OUTSIDE_WINDOWS: said(_l("These days lie outside what the employer asked for.")),
    ConflictKind.PAD_TOO_SHORT: said(
        _l("%(lab)s is %(wanted)s ft long; the site offers %(possible)s ft."), party="lab"
    ),
    ConflictKind.POWER_TOO_WEAK: said(
        _l("%(lab)s needs %(wanted)s kW; the site offers %(possible)s kW."), party="lab"
    ),
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
    if way.kind is WayOutKind.OTHER_DRIVER and way.replaces:
        return _("%(person)s is free and could drive instead of %(who)s.", person=name, who=way.replaces.name)
    if way.kind is WayOutKind.OTHER_VEHICLE:
        return _("%(vehicle)s is free and could tow it.", vehicle=name)
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
