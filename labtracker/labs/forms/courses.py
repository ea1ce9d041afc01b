"""The shape of what a coordinator says of a course, and of lists that come as files."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FileField, FormField, HiddenField, RadioField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from labtracker.labs.forms.fields import decimal, lines, plain
from labtracker.labs.rules import AttemptCounts, CourseDetails, SkillDetails
from labtracker.web.fields import Form, Versioned, text, whole

MOST_LEVELS = 9
LONGEST_LEVEL = 60


class SkillForm(PlainForm):
    """One line of a course's skills; a line left empty is no skill."""

    code = text(_l("Code"), 20)
    title = text(_l("Skill, in English"), 120)
    title_es = text(_l("Skill, in Spanish"), 120)
    needed_level = whole(_l("Level from which it counts"), 1, MOST_LEVELS)
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
    assessment_title = text(_l("Name of the assessment, in English"), 120)
    assessment_title_es = text(_l("Name of the assessment, in Spanish"), 120)
    max_attempts = whole(
        _l("Attempts allowed"), 1, 20, description=_l("Left empty, it may be tried as often as it takes.")
    )
    attempt_counts = RadioField(
        _l("Which attempt counts"),
        choices=[
            SelectChoice(str(AttemptCounts.BEST), _l("The best one")),
            SelectChoice(str(AttemptCounts.LAST), _l("The last one")),
        ],
        default=str(AttemptCounts.BEST),
    )
    grace_minutes = whole(
        _l("Minutes of grace at the start and the end"), 0, 60, needed=True, default=7,
        description=_l("Who comes or leaves within them is credited in full."),
    )  # fmt: skip
    levels = lines(
        _l("Levels of skills, in English"),
        description=_l("One on each line, the lowest first, such as: shown, with help, alone, can teach."),
    )
    levels_es = lines(_l("Levels of skills, in Spanish"), description=_l("The same ones, in the same order."))
    skills = FieldList(FormField(SkillForm), label=_l("Skills"), max_entries=60)

    def validate_levels(self, field: Any) -> None:
        """A scale has at least two levels, and words short enough for a phone's buttons."""
        found = _lines_of(field.data)
        if len(found) == 1 or len(found) > MOST_LEVELS:
            raise ValidationError(_("A scale has from 2 to %(most)s levels.", most=MOST_LEVELS))
        _refuse_long(found)

    def validate_levels_es(self, field: Any) -> None:
        """Either every level has a Spanish word, or none has."""
        found, english = _lines_of(field.data), _lines_of(self.levels.data)
        if found and len(found) != len(english):
            raise ValidationError(
                _("There are %(es)s levels in Spanish and %(en)s in English.", es=len(found), en=len(english))
            )
        _refuse_long(found)

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
            assessment_title=self.assessment_title.data or None,
            assessment_title_es=self.assessment_title_es.data or None,
            max_attempts=self.max_attempts.data,
            attempt_counts=self.attempt_counts.data,
            skill_levels=self._levels(),
            skills=tuple(_skill(line.form) for line in self.skills if not line.form.is_empty),
        )

    def _levels(self) -> tuple[tuple[str, str | None], ...]:
        spanish: list[str | None] = [*_lines_of(self.levels_es.data)]
        english = _lines_of(self.levels.data)
        return tuple(zip(english, spanish or [None] * len(english), strict=True))

    def add_empty_skills(self, how_many: int = 2) -> None:
        """Offer some more lines to write skills into."""
        for _place in range(min(how_many, 60 - len(self.skills))):
            self.skills.append_entry()


def typed_of(stored: CourseDetails) -> dict[str, Any]:
    """What the form asks for in other words than a course is stored in, by the names of its fields."""
    return {
        "minimum_percent": plain(stored.minimum_share * 100),
        "contact_hours": plain(stored.contact_hours),
        "levels": "\n".join(title for title, _title_es in stored.skill_levels),
        "levels_es": "\n".join(title_es for _title, title_es in stored.skill_levels if title_es),
    }


def _skill(form: Any) -> SkillDetails:
    return SkillDetails(
        code=form.code.data or "",
        title=form.title.data or "",
        title_es=form.title_es.data or None,
        required=form.required.data,
        needed_level=form.needed_level.data,
    )


def _lines_of(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").split("\n") if line.strip()]


def _refuse_long(levels: list[str]) -> None:
    if any(len(level) > LONGEST_LEVEL for level in levels):
        raise ValidationError(_("A level has at most %(most)s characters.", most=LONGEST_LEVEL))


class ImportForm(Form):
    """A CSV file on its first way in, or its text again once the dry run was looked at."""

    file = FileField(_l("CSV file"))
    content = TextAreaField()
    apply = HiddenField()
