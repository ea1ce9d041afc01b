"""The shape of what people say of labs, courses and worksites, typed into pages or read from a CSV file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DecimalField,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from labtracker.labs.rules import CourseDetails, LabDetails, SkillDetails, WorksiteDetails

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _clean(text: str | None) -> str | None:
    """One line of text without control characters or spaces at its ends; nothing left is None."""
    if text is None:
        return None
    return _CONTROL.sub("", " ".join(text.split())).strip() or None


def _clean_lines(text: str | None) -> str | None:
    """Text of several lines, each trimmed at its end."""
    if text is None:
        return None
    lines = [_CONTROL.sub("", line).rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    return "\n".join(lines).strip() or None


_NEEDED = _l("Please fill this in.")


def _text(label: Any, limit: int, *, needed: bool = False, **more: Any) -> StringField:
    rules: list[Any] = [DataRequired(_NEEDED)] if needed else [Optional()]
    rules.append(Length(max=limit, message=_l("At most %(max)d characters.")))
    return StringField(label, rules, filters=[_clean], **more)


def _whole(label: Any, low: int, high: int, *, needed: bool = False, **more: Any) -> IntegerField:
    rules: list[Any] = [InputRequired(_NEEDED) if needed else Optional()]
    rules.append(NumberRange(low, high, _l("A number from %(min)s to %(max)s.")))
    return IntegerField(label, rules, **more)


def _number(label: Any, low: str, high: str, *, needed: bool = False, **more: Any) -> DecimalField:
    rules: list[Any] = [InputRequired(_NEEDED) if needed else Optional()]
    rules.append(NumberRange(Decimal(low), Decimal(high), _l("A number from %(min)s to %(max)s.")))
    return DecimalField(label, rules, places=None, **more)


def _lines(label: Any, **more: Any) -> TextAreaField:
    limit = Length(max=4000, message=_l("At most %(max)d characters."))
    return TextAreaField(label, [Optional(), limit], filters=[_clean_lines], **more)


def _zip(label: Any, **more: Any) -> StringField:
    digits = Regexp(r"^[0-9]{5}(-?[0-9]{4})?$", message=_l("A ZIP code has five digits, like 81052."))
    return StringField(label, [DataRequired(_NEEDED), digits], filters=[_clean], **more)


def _id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


class Versioned(FlaskForm):
    """A form that remembers which version of the row its editor saw."""

    version = HiddenField()

    @property
    def seen_version(self) -> int | None:
        """The version the editor saw, or none when something new is made."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class LabForm(Versioned):
    """A lab: its name and seats, where it stands, how big it is, what it needs, what it can host."""

    name = _text(_l("Name"), 80, needed=True)
    seats = _whole(_l("Seats"), 1, 60, needed=True, description=_l("Workers it can train at one time."))
    home_zip = _zip(_l("ZIP code of its home base"))
    home_city = _text(_l("City of its home base"), 80, description=_l("Left empty, the ZIP code gives it."))
    length_ft = _whole(_l("Length, feet"), 10, 120)
    height_ft = _number(_l("Height, feet"), "5", "20")
    weight_lb = _whole(_l("Weight, pounds"), 1000, 120000)
    power_kw = _whole(_l("Power it needs, kilowatts"), 0, 1000)
    has_generator = BooleanField(_l("Brings its own generator"))
    needs_water = BooleanField(_l("Needs a water connection"))
    ground = _text(_l("Ground it needs"), 200, description=_l("For example: level gravel, 80 by 20 feet."))
    setup_hours = _number(_l("Hours to set up"), "0", "72", needed=True, default=Decimal(4))
    teardown_hours = _number(_l("Hours to take down"), "0", "72", needed=True, default=Decimal(4))
    mph = _whole(_l("Speed on the road, miles per hour"), 20, 80, needed=True, default=50)
    courses = SelectMultipleField(
        _l("Courses it can host"),
        coerce=_id,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=True,
    )
    notes = _lines(_l("Notes"))

    def details(self) -> LabDetails:
        """What was said, for the service."""
        return LabDetails(
            name=self.name.data or "",
            seats=self.seats.data or 0,
            home_zip=(self.home_zip.data or "")[:5],
            home_city=self.home_city.data or "",
            length_ft=self.length_ft.data,
            height_ft=self.height_ft.data,
            weight_lb=self.weight_lb.data,
            power_kw=self.power_kw.data,
            has_generator=self.has_generator.data,
            needs_water=self.needs_water.data,
            ground=self.ground.data or None,
            setup_hours=self.setup_hours.data or Decimal(0),
            teardown_hours=self.teardown_hours.data or Decimal(0),
            mph=self.mph.data or 0,
            notes=self.notes.data or None,
            course_ids=frozenset(self.courses.data or ()),
        )


class SkillForm(PlainForm):
    """One line of a course's skills; a line left empty is no skill."""

    code = _text(_l("Code"), 20)
    title = _text(_l("Skill, in English"), 120)
    title_es = _text(_l("Skill, in Spanish"), 120)
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

    code = _text(_l("Code"), 20, needed=True, description=_l("Short and unique, like WLD-101."))
    title = _text(_l("Title, in English"), 120, needed=True)
    title_es = _text(_l("Title, in Spanish"), 120)
    contact_hours = _number(
        _l("Contact hours"), "0.5", "2000", needed=True,
        description=_l("Hours of instruction of 60 minutes, breaks not counted."),
    )  # fmt: skip
    credential = _text(_l("Credential it leads to"), 120)
    description = _lines(_l("Description"))
    minimum_percent = _number(
        _l("Share of the hours needed to complete"), "0", "100", needed=True, default=Decimal(80)
    )
    assessment_required = BooleanField(_l("An assessment must be passed"), default=True)
    pass_mark = _whole(_l("Pass mark, of 100 points"), 0, 100, needed=True, default=70)
    grace_minutes = _whole(
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


class WorksiteForm(Versioned):
    """A worksite: whose, where, whom to call, what it offers."""

    organization_id = SelectField(_l("Organization"), coerce=_id)
    name = _text(
        _l("Name of the place"), 120, needed=True, description=_l("As people there call it: North gate lot.")
    )
    address = _text(_l("Street address"), 160, needed=True)
    zip = _zip(_l("ZIP code"), description=_l("It gives county, coordinates and time zone."))
    city = _text(_l("City"), 80, description=_l("Left empty, the ZIP code gives it."))
    contact_name = _text(_l("Contact at the site"), 120)
    contact_phone = _text(_l("Phone of the contact"), 20)
    pad_length_ft = _whole(_l("Length of level ground for the lab, feet"), 0, 1000)
    power_kw = _whole(_l("Power it can give, kilowatts"), 0, 10000)
    notes = _lines(_l("Notes"), description=_l("Gate hours, protective gear, where to turn."))

    def details(self) -> WorksiteDetails:
        """What was said, for the service."""
        return WorksiteDetails(
            organization_id=self.organization_id.data,
            name=self.name.data or "",
            address=self.address.data or "",
            zip=(self.zip.data or "")[:5],
            city=self.city.data or "",
            contact_name=self.contact_name.data or None,
            contact_phone=self.contact_phone.data or None,
            pad_length_ft=self.pad_length_ft.data,
            power_kw=self.power_kw.data,
            notes=self.notes.data or None,
        )


class RuralityForm(FlaskForm):
    """A decision about rurality against the county's code."""

    is_rural = SelectField(
        _l("Count it as"), choices=[SelectChoice("yes", _l("rural")), SelectChoice("no", _l("not rural"))]
    )
    reason = _text(
        _l("Why?"),
        300,
        needed=True,
        description=_l("It stays beside the answer, with your name and the date."),
    )


class ImportForm(FlaskForm):
    """A CSV file on its first way in, or its text again once the dry run was looked at."""

    file = FileField(_l("CSV file"))
    content = TextAreaField()
    apply = HiddenField()


def fill(form: Any, values: dict[str, Any], version: int | None) -> None:
    """Show what is stored in a form that nobody has typed into yet."""
    for name, value in values.items():
        field = form._fields.get(name)
        if field is not None:
            field.data = plain(value)
    form.version.data = "" if version is None else str(version)


def plain(value: Any) -> Any:
    """A stored number as people write it: 24.00 is 24."""
    return Decimal(f"{value.normalize():f}") if isinstance(value, Decimal) else value


def choose_from(field: Any, choices: Sequence[tuple[UUID, str]]) -> None:
    """Give a list its choices."""
    field.choices = [SelectChoice(value, label) for value, label in choices]
