"""What is said beside the name of somebody who might drive."""

from __future__ import annotations

from flask_babel import gettext as _

from labtracker.fleet.rules import covers
from labtracker.fleet.words import LICENCES
from labtracker.scheduling.queries.drivers import DriverOffer
from labtracker.web.display import plain_day


def driver_words(offer: DriverOffer) -> str:
    """A name with its licence, until when it holds or that it does not, and whether the person is free."""
    said = [_licence_words(offer)]
    if not offer.is_free:
        said.append(_("not free then"))
    return f"{offer.person.name} ({'; '.join(said)})"


def _licence_words(offer: DriverOffer) -> str:
    if offer.licence is None:
        return _("no license noted")
    held = LICENCES[offer.licence.licence_class]
    day = plain_day(offer.licence.expires_on).striptags()
    if offer.licence.expires_on < offer.until:
        return _("license: %(held)s, only until %(day)s", held=held, day=day)
    if offer.needed is not None and not covers(offer.licence.licence_class, offer.needed):
        return _("license: %(held)s, too little for this load", held=held)
    return _("license: %(held)s, until %(day)s", held=held, day=day)
