"""What people type about workers and rosters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from labtracker.roster.models import Worker
from labtracker.roster.reading.verdicts import AS_NEW
from labtracker.roster.services import WorkerFacts
from labtracker.web.fields import AT_MOST, NEEDED, DayField

_NO_DAY = _l("This is not a day. Use the calendar, or write it like 2026-04-13.")


def _line(label: Any, limit: int, *, needed: bool = False, hint: Any = "") -> StringField:
    rules: list[Any] = [DataRequired(NEEDED)] if needed else [Optional()]
    return StringField(label, [*rules, Length(max=limit, message=AT_MOST)], description=hint)


class WorkerForm(FlaskForm):
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


class WithdrawalForm(FlaskForm):
    """When and why somebody leaves a cohort."""

    withdrawn_on = DayField(_l("Last day"), [DataRequired(_NO_DAY)])
    reason = _line(_l("Reason"), 300, needed=True, hint=_l("For example: changed shift, left the company."))


class UploadForm(FlaskForm):
    """A spreadsheet, or the same pasted."""

    employer_id = SelectField(_l("Employer"), [DataRequired(NEEDED)], choices=[])
    file = FileField(_l("Spreadsheet"), description=_l("CSV or XLSX, up to 10 MB. Any column order."))
    pasted = TextAreaField(
        _l("Or paste the cells here"),
        [Optional()],
        description=_l("Copy them from your spreadsheet with the line of headings."),
    )


class EmptyForm(FlaskForm):
    """A button with its token."""


class ComparisonForm(FlaskForm):
    """Two workers side by side: from which record each fact is taken. Fields are named like the facts."""

    employment = RadioField(_l("Different employers"), [Optional()], choices=[], validate_choice=False)


ONE, OTHER, BOTH = "one", "other", "both"


class RecognitionForm(FlaskForm):
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
