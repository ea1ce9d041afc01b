"""What a badge says to the worker who carries it, in the worker's own language."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import gettext as _

from labtracker.web.language import LANGUAGES, LOCALES


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
