"""What a badge says to the worker who carries it, in the worker's own language; words about badges."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import force_locale, lazy_pgettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from labtracker.roster.models import BadgeStep
from labtracker.roster.rules.revoking import BadgeChange, BadgeReason
from labtracker.web.language import LANGUAGES, LOCALES

LAYOUT_NAMES = {
    "cards_10": _l("3½ × 2 in, ten on a sheet (as Avery 5371)"),
    "labels_8": _l("3⅜ × 2⅓ in, eight on a sheet (as Avery 5395)"),
    "labels_10": _l("4 × 2 in, ten on a sheet (as Avery 5163)"),
    "inserts_6": _l("4 × 3 in, six on a sheet (as Avery 74541)"),
    "lanyard_wide": _l("Lanyard cards 4 × 3 in, six on a sheet, to cut and punch"),
    "lanyard_tall": _l("Lanyard cards 3 × 4 in, six on a sheet lying, to cut and punch"),
    "large": _l("Large print, 4 × 5 in, four on a sheet, to cut and punch"),
    "a4_10": _l("A4 paper: 85 × 54 mm, ten on a sheet, to cut"),
    "card_printer": _l("Card printer: one plastic card (CR80) on each page"),
}
BADGE_REASONS = {
    BadgeReason.LOST: _l("It was lost"),
    BadgeReason.COPIED: _l("Somebody else may have a copy"),
    BadgeReason.DAMAGED: _l("It is damaged"),
    BadgeReason.LEFT: _l("The worker does not come any more"),
    BadgeReason.OTHER: _l("Something else"),
}
BADGE_CHANGES = {
    BadgeChange.REVOKED: lazy_pgettext("badge", "Revoked"),
    BadgeChange.REPLACED: _l("Revoked, a new badge was made"),
    BadgeChange.RESTORED: _l("Brought back"),
}


def badge_reason(step: BadgeStep) -> str:
    """Why something was done about a badge: the reason that was chosen, and what was written to it."""
    chosen = str(BADGE_REASONS[BadgeReason(step.reason)]) if step.reason else ""
    return ". ".join(filter(None, (chosen, step.note)))


@dataclass(frozen=True)
class BadgeWords:
    """A badge's words in one language."""

    language: str
    show_it: str
    write_name: str


def words_on_badge(language: str | None) -> tuple[BadgeWords, ...]:
    """A badge's words in the worker's language; in both languages where it is not known."""
    spoken = [language] if language in LANGUAGES else list(LANGUAGES)
    return tuple(_words_in(one) for one in spoken if one)


def _words_in(language: str) -> BadgeWords:
    with force_locale(LOCALES[language]):
        return BadgeWords(language, _("Show this badge at the lab's door."), _("Name: please write it here"))
