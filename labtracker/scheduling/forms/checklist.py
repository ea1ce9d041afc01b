"""The checklist of a site as a form: one field for each question that a lab asks, made when it is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, MultipleFileField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from labtracker.labs.rules.needs import Kind, Question
from labtracker.labs.services.readiness import MOST_NOTES
from labtracker.labs.wording import CHOICES, GROUPS, question_words, wanted_words
from labtracker.scheduling.forms.shared import Whole, trim
from labtracker.web.fields import AT_MOST, NEEDED, DayField, Form, Versioned, to_id

PREFIX = "site_"


class Answers:
    """What a form with a checklist can do: tell the answers, fill them in, show them part by part."""

    asked: Sequence[Question]
    _fields: dict[str, Any]

    def answers(self) -> dict[str, Any]:
        """What was answered; a question that was left open is not in it."""
        told: dict[str, Any] = {}
        for question in self.asked:
            value = self._fields[PREFIX + question.key].data
            if value in (None, "", "None"):
                continue
            told[question.key] = value == "yes" if question.item.kind is Kind.YES else value
        return told

    def fill_answers(self, answers: Mapping[str, Any]) -> None:
        """Show what is known."""
        for question in self.asked:
            value = answers.get(question.key)
            if value is not None:
                shown = ("yes" if value else "no") if question.item.kind is Kind.YES else value
                self._fields[PREFIX + question.key].data = shown

    def is_begun(self) -> bool:
        """Whether anything was answered, or could not be read."""
        return bool(self.answers()) or any(self._fields[PREFIX + one.key].errors for one in self.asked)

    def parts(self) -> list[tuple[str, list[Field]]]:
        """The fields by the parts of the checklist."""
        return [
            (str(GROUPS[group]), [self._fields[PREFIX + one.key] for one in rest])
            for group, rest in groupby(self.asked, key=lambda one: one.item.group)
        ]


class CheckForm(Answers, Versioned):
    """A check of a site, but for its checklist."""

    checked_on = DayField(_l("Day of the check"), [InputRequired(NEEDED)])
    expires_on = DayField(
        _l("It holds until"), [Optional()], description=_l("Left empty: a year. Sooner where things change.")
    )
    notes = TextAreaField(_l("Notes"), [Optional(), Length(max=MOST_NOTES, message=AT_MOST)], filters=[trim])


class LabForCheckForm(Form):
    """For which lab a check is begun."""

    lab = SelectField(_l("For which lab?"), [InputRequired(NEEDED)], coerce=to_id)


class AcceptanceForm(Form):
    """How a condition is put right or borne."""

    note = TextAreaField(
        _l("How is it put right or borne?"), [Length(max=300, message=AT_MOST)], filters=[trim]
    )


class SitePhotosForm(Form):
    """Photos and papers of a check."""

    files = MultipleFileField(_l("Files"))


def with_checklist(base: type[Any], asked: Sequence[Question], *, tell_needs: bool = True) -> type[Any]:
    """A form that asks these questions besides; ``tell_needs``: with what the lab needs under each."""
    fields: dict[str, Any] = {PREFIX + one.key: _field(one, tell_needs) for one in asked}
    return type("WithChecklist", (base,), {**fields, "asked": tuple(asked)})


def _field(question: Question, tell_needs: bool) -> Any:
    item, label = question.item, question_words(question.key)
    if item.kind is Kind.YES:
        return _choice(label, [("yes", _("yes")), ("no", _("no"))], "")
    wanted = wanted_words(question)
    hint = _("The lab needs: %(wanted)s.", wanted=wanted) if tell_needs else ""
    if item.kind is Kind.ONE_OF:
        return _choice(label, [(choice, str(CHOICES[choice])) for choice in item.choices], hint)
    within = NumberRange(0, item.highest, _l("A number from %(min)s to %(max)s."))
    return Whole(label, [Optional(), within], description=hint)


def _choice(label: str, choices: list[tuple[str, str]], hint: str) -> RadioField:
    # Nothing chosen is an answer still to come, and what nobody offers is read as nothing.
    return RadioField(
        label,
        [Optional()],
        choices=[SelectChoice(value, words) for value, words in choices],
        description=hint,
        validate_choice=False,
    )
