"""What people type about workers and rosters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from labtracker.roster.drawing.layouts import LAYOUTS, Layout
from labtracker.roster.models import Worker
from labtracker.roster.reading.verdicts import AS_NEW
from labtracker.roster.services import WorkerFacts
from labtracker.roster.wording import BADGE_REASONS, LAYOUT_NAMES
from labtracker.web.fields import AT_MOST, NEEDED, Checkboxes, DayField, Form

_NO_DAY = _l("This is not a day. Use the calendar, or write it like 2026-04-13.")


def _line(label: Any, limit: int, *, needed: bool = False, hint: Any = "") -> StringField:
    rules: list[Any] = [DataRequired(NEEDED)] if needed else [Optional()]
    return StringField(label, [*rules, Length(max=limit, message=AT_MOST)], description=hint)


class WorkerForm(Form):
    """One worker. The employer is a choice only where there are several."""

    employer_id = SelectField(_l("Employer"), [DataRequired(NEEDED)], choices=[])
    given_name = _line(_l("First name"), 80, needed=True)
    family_name = _line(
        _l("Last name"), 80, hint=_l("One or two surnames. Leave it empty for a single name.")
    )
    email = _line(_l("E-mail"), 254)
    phone = _line(_l("Phone"), 40)
    employee_number = _line(
        _l("Employee number"),
        40,
        hint=_l("The one on your payroll or badge. Never a Social Security number."),
    )
    hired_on = DayField(_l("Hire date"), [Optional()], description=_l("For the six-month rule."))
    job_title = _line(_l("Job title"), 120)
    language = SelectField(
        _l("Language"),
        [Optional()],
        choices=[
            SelectChoice("", _l("Not known")),
            SelectChoice("en", "English"),
            SelectChoice("es", "Español"),
        ],
    )

    def facts(self) -> WorkerFacts:
        """What was typed, for a service."""
        return WorkerFacts(
            given_name=self.given_name.data or "",
            family_name=self.family_name.data or "",
            email=self.email.data or None,
            phone=self.phone.data or None,
            employee_number=self.employee_number.data or None,
            hired_on=self.hired_on.data,
            job_title=self.job_title.data or None,
            language=self.language.data or None,
        )


class EnrollmentForm(WorkerForm):
    """One person for a roster; whether it is somebody known is asked only where it looks like it."""

    same_as = RadioField(_l("Is it the same person?"), [Optional()], choices=[], validate_choice=False)

    def ask(self, candidates: Iterable[tuple[str, str]]) -> None:
        """Offer the workers who may be meant, and somebody else."""
        self.same_as.choices = [
            *(SelectChoice(worker_id, label) for worker_id, label in candidates),
            SelectChoice(AS_NEW, _l("No, somebody else")),
        ]


class WithdrawalForm(Form):
    """When and why somebody leaves a cohort."""

    withdrawn_on = DayField(_l("Last day"), [DataRequired(_NO_DAY)])
    reason = _line(_l("Reason"), 300, needed=True, hint=_l("For example: changed shift, left the company."))


class UploadForm(Form):
    """A spreadsheet, or the same pasted."""

    employer_id = SelectField(_l("Employer"), [DataRequired(NEEDED)], choices=[])
    file = FileField(_l("Spreadsheet"), description=_l("CSV or XLSX, up to 10 MB. Any column order."))
    pasted = TextAreaField(
        _l("Or paste the cells here"),
        [Optional()],
        description=_l("Copy them from your spreadsheet with the line of headings."),
    )


class EmptyForm(Form):
    """A button with its token."""


class ComparisonForm(Form):
    """Two workers side by side: from which record each fact is taken. Fields are named like the facts."""

    employment = RadioField(_l("Different employers"), [Optional()], choices=[], validate_choice=False)


ONE, OTHER, BOTH = "one", "other", "both"


class BadgePrintForm(Form):
    """Which badges to print, how they lie on paper, and where on a begun sheet the first one goes."""

    layout = RadioField(_l("Layout"), [DataRequired(NEEDED)], choices=[])
    first = IntegerField(
        _l("First free place on the sheet"),
        [InputRequired(NEEDED)],
        default=1,
        description=_l("For a sheet that is begun already: counted row by row from the upper left."),
    )

    def offer(self, layouts: Iterable[Layout], remembered: Layout) -> None:
        """Offer these layouts; the one that was used last is chosen."""
        self.layout.choices = [SelectChoice(one.key, LAYOUT_NAMES[one.key]) for one in layouts]
        self.layout.data = self.layout.data or remembered.key

    def validate_first(self, field: Any) -> None:
        """Refuse a place that the sheet does not have."""
        layout = LAYOUTS.get(self.layout.data or "")
        if layout is not None and field.data is not None and not 1 <= field.data <= layout.places:
            raise ValidationError(_("A sheet of this layout has places 1 to %(most)s.", most=layout.places))


class CohortBadgesForm(BadgePrintForm):
    """A cohort's badges to print: all of them, those never printed, or those ticked."""

    who = RadioField(
        _l("Whose badges?"),
        choices=[
            SelectChoice("all", _l("Everybody’s")),
            SelectChoice("unprinted", _l("Only those not printed yet")),
            SelectChoice("ticked", _l("Only those ticked below")),
        ],
        default="all",
    )
    ticked = Checkboxes(_l("People"), validate_choice=False)


class BadgeReasonForm(Form):
    """Why a badge is stopped."""

    reason = RadioField(
        _l("What happened?"),
        [DataRequired(_l("Choose what happened."))],
        choices=[SelectChoice(str(one), words) for one, words in BADGE_REASONS.items()],
    )
    note = _line(_l("Note"), 200, hint=_l("Stays on record with the badge. No Social Security numbers."))


class RecognitionForm(Form):
    """Whom a walk-in turned out to be."""

    into = RadioField(_l("Who is it?"), [DataRequired(_l("Choose who it is."))])

    def offer(self, workers: Iterable[Worker]) -> None:
        """Offer these workers, told by what sets them apart."""
        self.into.choices = [
            SelectChoice(
                str(one.id), " · ".join(filter(None, (one.name, one.employer.name, one.employee_number)))
            )
            for one in workers
        ]
