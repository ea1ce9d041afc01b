"""Days to choose from, and why there are no more: for employers without anybody's name or place."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from labtracker.fleet.words import LICENCES
from labtracker.labs.wording import item_label
from labtracker.scheduling.rules.conflicts import ConflictKind
from labtracker.scheduling.rules.openings import Hindrance, Obstacle, Opening, Whereabouts
from labtracker.scheduling.wording import two_days

MOST_NAMED = 3
LACKS = {
    ConflictKind.READINESS_MISSING: _l("nobody checked the site for this lab yet"),
    ConflictKind.READINESS_PARTIAL: _l("the site’s check leaves needs of this lab open"),
    ConflictKind.READINESS_LAPSES: _l("the site’s check lapses before the lab arrives"),
}
AWAY = frozenset({Obstacle.LAB_TAKEN, Obstacle.LAB_ON_THE_WAY})


def opening_words(opening: Opening) -> str:
    """The days of an opening, how many sessions it has, and what the site would have to put right."""
    days = opening_days(opening)
    return "; ".join([days, _condition_words(opening)]) if opening.conditions else days


def opening_words_for_staff(opening: Opening) -> str:
    """The lab of an opening, its way, the crew, the vehicle, and what is missing of the site's readiness."""
    parts = [_lab_words(opening)]
    if opening.vehicle is not None and opening.driver is not None:
        parts.append(
            _("%(driver)s drives %(vehicle)s", driver=opening.driver.name, vehicle=opening.vehicle.name)
        )
    elif opening.vehicle is not None:
        parts.append(_("%(vehicle)s tows it", vehicle=opening.vehicle.name))
    if opening.conditions:
        parts.append(_condition_words(opening))
    elif opening.lacks is not None:
        parts.append(str(LACKS[opening.lacks]))
    return "; ".join(parts)


def opening_days(opening: Opening) -> str:
    """The days of an opening, and how many sessions it has."""
    first, last = two_days(opening.first_on, opening.last_on)
    return ngettext(
        "%(first)s – %(last)s (%(num)s session)",
        "%(first)s – %(last)s (%(num)s sessions)",
        opening.sessions,
        first=first,
        last=last,
    )


def _condition_words(opening: Opening) -> str:
    named = [item_label(key) for key in opening.conditions[:MOST_NAMED]]
    more = len(opening.conditions) - len(named)
    if more:
        named.append(ngettext("%(num)s more", "%(num)s more", more))
    return _("the site is ready with conditions: %(items)s", items=", ".join(named))


def _lab_words(opening: Opening) -> str:
    words = {"lab": opening.lab.name, "trainer": opening.trainer.name}
    if opening.miles is None:
        return _("%(lab)s with %(trainer)s", **words)
    if opening.miles < 1:
        return _("%(lab)s from the same town, with %(trainer)s", **words)
    return ngettext(
        "%(lab)s, %(num)s mile away, with %(trainer)s",
        "%(lab)s, %(num)s miles away, with %(trainer)s",
        opening.miles,
        **words,
    )


def hindrance_words(
    hindrance: Hindrance, places: Mapping[UUID, Whereabouts], *, for_staff: bool = False
) -> str:
    """Why nothing can begin in that time."""
    if hindrance.why in AWAY:
        return _away_words(hindrance, places, for_staff=for_staff)
    name = hindrance.because.name if hindrance.because else ""
    lab = hindrance.lab.name if hindrance.lab else ""
    words = {
        Obstacle.NO_LAB: lambda: _("No lab in service can host this course now."),
        Obstacle.SITE_TOO_SMALL: lambda: _(
            "The ground or the power at the site is not enough for any lab that hosts this course."
        ),
        Obstacle.CLOSED: lambda: _("Closed: %(name)s.", name=name) if name else _("No day of the shift."),
        Obstacle.LAB_UNFIT: lambda: _("Something in %(lab)s has to be repaired or inspected first.", lab=lab),
        Obstacle.GATE: lambda: _("No lab would arrive while the gate is open."),
        Obstacle.NOT_READY: lambda: _("The site was found not ready for %(lab)s.", lab=lab),
        Obstacle.NO_TRAINER: lambda: _("%(lab)s is free, but every trainer is taken.", lab=lab),
        Obstacle.NO_VEHICLE: lambda: _("%(lab)s is free, but no vehicle that may tow it is.", lab=lab),
        Obstacle.NO_DRIVER: lambda: _(
            "%(lab)s is free, but nobody who may drive its load (%(licence)s) is.",
            lab=lab,
            licence=LICENCES[name],
        ),
        Obstacle.OUTSIDE_WINDOWS: lambda: _("The sessions would end after the days that were asked for."),
    }
    return str(words[hindrance.why]())


def _away_words(hindrance: Hindrance, places: Mapping[UUID, Whereabouts], *, for_staff: bool) -> str:
    lab = hindrance.lab.name if hindrance.lab else ""
    because = hindrance.because
    if because is None or because.id is None or because.kind != "deployment":
        return _("%(lab)s is out of service then.", lab=lab)
    place = places.get(because.id)
    if for_staff:
        return _("%(lab)s is at %(place)s, travel included.", lab=lab, place=because.name)
    if place is None or place.miles is None or not place.is_public:
        return _("%(lab)s is taken.", lab=lab)
    # Tens of miles: near enough to plan with, too coarse to tell one neighbour's gate from the next.
    miles = max(10, round(place.miles / 10) * 10)
    if hindrance.why is Obstacle.LAB_ON_THE_WAY:
        return _("%(lab)s comes from about %(miles)s miles away and would be late.", lab=lab, miles=miles)
    return _("%(lab)s is about %(miles)s miles away then.", lab=lab, miles=miles)
