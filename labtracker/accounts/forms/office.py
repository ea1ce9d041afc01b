"""What the office types about organizations and people, and employers about themselves."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp, ValidationError

from labtracker.accounts.forms.fields import LANGUAGES, choices, email_field, line_field, several_lines
from labtracker.accounts.rules import OrganizationKind
from labtracker.accounts.rules.areas import LOCAL_AREAS, area_key, area_of_key
from labtracker.accounts.services import OrganizationFacts
from labtracker.accounts.words import KIND_NAMES, ROLE_NAMES
from labtracker.web.fields import Checkboxes, Form

_WEB_ADDRESS = re.compile(r"://|\bwww\.", re.IGNORECASE)
_NO_CHOICE = _l("Choose one of the list.")


def no_address(_form: Any, field: Any) -> None:
    """Refuse a web address where a name is asked for: names go into mails, and mails make links of them."""
    if field.data and _WEB_ADDRESS.search(field.data):
        raise ValidationError(_l("Please leave web addresses out."))


class OrganizationForm(Form):
    """What is known of an organization."""

    name = line_field(_l("Name"), _l("Enter a name."), longest=160)
    city = line_field(_l("Town"), longest=80)
    phone = line_field(_l("Telephone"), longest=20)
    website = line_field(
        _l("Website"),
        longest=200,
        more=[Optional(), Regexp(r"https?://[^\s<>\"]+$", message=_l("Begin with https://"))],
    )
    fein = line_field(
        _l("Federal employer id (FEIN)"),
        longest=12,
        more=[Optional(), Regexp(r"\d{2}-?\d{7}$", message=_l("Nine digits, like 84-1234567."))],
    )
    naics = line_field(
        _l("Industry (NAICS)"),
        longest=6,
        more=[Optional(), Regexp(r"\d{2,6}$", message=_l("Two to six digits, like 332710."))],
    )
    employee_count = IntegerField(
        _l("Employees"),
        validators=[Optional(), NumberRange(1, 2_000_000, _l("A number of people, at least 1."))],
        description=_l("The employer's share of the cost depends on it."),
    )
    areas = Checkboxes(
        _l("Areas whose outcomes it reviews"),
        choices=choices((area_key(*area), area_key(*area)) for area in LOCAL_AREAS),
        description=_l("Its reviewers see completion and attendance there, and change nothing."),
    )

    seen = HiddenField()

    def fit(self, kind: str) -> OrganizationForm:
        """Leave out what does not concern an organization of this kind."""
        if kind != OrganizationKind.WORKFORCE_CENTER:
            del self.areas
        if kind != OrganizationKind.EMPLOYER:
            del self.fein, self.naics, self.employee_count
        return self

    def facts(self) -> OrganizationFacts:
        """What was typed."""
        areas = self.areas.data if "areas" in self else ()
        return OrganizationFacts(
            name=self.name.data,
            city=self.city.data or None,
            phone=self.phone.data or None,
            website=self.website.data or None,
            fein=(self.fein.data or None) if "fein" in self else None,
            naics=(self.naics.data or None) if "naics" in self else None,
            employee_count=self.employee_count.data if "employee_count" in self else None,
            areas=tuple(area_of_key(key) for key in areas),
        )


class RoleForm(Form):
    """A role at an organization."""

    organization_id = SelectField(_l("Organization"), validators=[DataRequired(_NO_CHOICE)])
    role = SelectField(
        _l("Role"),
        choices=choices([("", _l("Choose")), *((str(role), name) for role, name in ROLE_NAMES.items())]),
        validators=[DataRequired(_NO_CHOICE)],
    )

    def offer(self, organizations: Any) -> None:
        """Give the list its organizations."""
        named = [
            (str(row.id), f"{row.name} ({KIND_NAMES[OrganizationKind(row.kind)]})") for row in organizations
        ]
        self.organization_id.choices = choices([("", _l("Choose")), *named])


class InviteForm(RoleForm):
    """Whom to invite, to which organization, in which role."""

    name = line_field(_l("Name"), _l("Enter a name."))
    email = email_field()
    language = SelectField(_l("Language of the mail"), choices=LANGUAGES)


class AccountRequestForm(Form):
    """An employer's ask for an account."""

    organization_name = line_field(
        _l("Company"), _l("Enter your company's name."), longest=160, more=[no_address]
    )
    city = line_field(_l("Town"), longest=80)
    person_name = line_field(_l("Your name"), _l("Enter your name."), more=[no_address])
    email = email_field(_l("Your e-mail at work"))
    phone = line_field(_l("Telephone"), longest=20)
    message = TextAreaField(
        _l("What should your people learn?"),
        filters=[several_lines],
        validators=[Length(max=1000, message=_l("Use at most %(max)d characters."))],
    )


class ApprovalForm(Form):
    """The name under which a new employer is kept."""

    name = line_field(_l("Name of the new employer"), _l("Enter a name."), longest=160)


class MergingForm(Form):
    """The employer that an ask belongs to."""

    organization_id = SelectField(_l("Employer"), validators=[DataRequired(_NO_CHOICE)])


class DecliningForm(Form):
    """Why an ask is declined; it goes into the mail."""

    reason = TextAreaField(
        _l("Reason, as it will stand in the mail"),
        filters=[several_lines],
        validators=[
            DataRequired(_l("Give a reason.")),
            Length(max=500, message=_l("Use at most %(max)d characters.")),
        ],
    )
