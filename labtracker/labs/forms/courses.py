"""The shape of what a coordinator says of a course, and of lists that come as files."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, FileField, FormField, HiddenField, TextAreaField
from wtforms import Form as PlainForm

from labtracker.labs.forms.fields import decimal, lines
from labtracker.labs.rules import CourseDetails, SkillDetails
from labtracker.web.fields import Versioned, text, whole


class SkillForm(PlainForm):
    """One line of a course's skills; a line left empty is no skill."""

    code = text(_l("Code"), 20)
    title = text(_l("Skill, in English"), 120)
    title_es = text(_l("Skill, in Spanish"), 120)
    required = BooleanField(_l("Needed to complete"), default=True)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed into this line."""
        return not (self.code.data or self.title.data or self.title_es.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """A skill has a code and a title."""
        sound = bool(super().validate(extra_validators))
        if self.is_empty:
            return sound
        for field in (self.code, self.title):
            if not field.data:
                field.errors = [*field.errors, _l("A skill needs a code and an English title.")]
                sound = False
        return sound


class CourseForm(Versioned):
    """A course: title, hours, what completes it, which skills are signed off."""

    code = text(_l("Code"), 20, needed=True, description=_l("Short and unique, like WLD-101."))
    title = text(_l("Title, in English"), 120, needed=True)
    title_es = text(_l("Title, in Spanish"), 120)
    contact_hours = decimal(
        _l("Contact hours"), "0.5", "2000", needed=True,
        description=_l("Hours of instruction of 60 minutes, breaks not counted."),
    )  # fmt: skip
    credential = text(_l("Credential it leads to"), 120)
    description = lines(_l("Description"))
    minimum_percent = decimal(
        _l("Share of the hours needed to complete"), "0", "100", needed=True, default=Decimal(80)
    )
    assessment_required = BooleanField(_l("An assessment must be passed"), default=True)
    pass_mark = whole(_l("Pass mark, of 100 points"), 0, 100, needed=True, default=70)
    grace_minutes = whole(
        _l("Minutes of grace at the start and the end"), 0, 60, needed=True, default=7,
        description=_l("Who comes or leaves within them is credited in full."),
    )  # fmt: skip
    skills = FieldList(FormField(SkillForm), label=_l("Skills"), max_entries=60)

    def details(self) -> CourseDetails:
        """What was said, for the service."""
        return CourseDetails(
            code=self.code.data or "",
            title=self.title.data or "",
            contact_hours=self.contact_hours.data or Decimal(0),
            title_es=self.title_es.data or None,
            credential=self.credential.data or None,
            description=self.description.data or None,
            minimum_share=(Decimal(self.minimum_percent.data or 0) / 100).quantize(Decimal("0.001")),
            assessment_required=self.assessment_required.data,
            pass_mark=self.pass_mark.data or 0,
            grace_minutes=self.grace_minutes.data or 0,
            skills=tuple(_skill(line.form) for line in self.skills if not line.form.is_empty),
        )

    def add_empty_skills(self, how_many: int = 2) -> None:
        """Offer some more lines to write skills into."""
        for _place in range(min(how_many, 60 - len(self.skills))):
            self.skills.append_entry()


def _skill(form: Any) -> SkillDetails:
    return SkillDetails(
        code=form.code.data or "",
        title=form.title.data or "",
        title_es=form.title_es.data or None,
        required=form.required.data,
    )


class ImportForm(FlaskForm):
    """A CSV file on its first way in, or its text again once the dry run was looked at."""

    file = FileField(_l("CSV file"))
    content = TextAreaField()
    apply = HiddenField()
