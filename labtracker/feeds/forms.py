"""The shape of asking for a calendar address."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from labtracker.feeds.rules import FeedKind, Subject
from labtracker.feeds.wording import KINDS
from labtracker.web.fields import Form


class FeedForm(Form):
    """Which calendar to subscribe to."""

    subject = SelectField(
        _l("Whose calendar"), validators=[InputRequired(_l("Choose one of these calendars."))]
    )

    def offer(self, subjects: Sequence[Subject]) -> None:
        """Offer these, in groups where there are several kinds."""
        groups = {
            str(KINDS[kind]): [(key_of(one), one.name) for one in some]
            for kind, some in groupby(subjects, key=lambda one: one.kind)
        }
        self.subject.choices = groups if len(groups) > 1 else next(iter(groups.values()), [])


def key_of(subject: Subject) -> str:
    """A subject as one value of a form or an address."""
    return f"{subject.kind}:{subject.id}"


def subject_of_key(key: str) -> tuple[FeedKind, UUID]:
    """The kind and id that a value names; raises ValueError for any other text."""
    kind, _colon, text = key.partition(":")
    return FeedKind(kind), UUID(text)
