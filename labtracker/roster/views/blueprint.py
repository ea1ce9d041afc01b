"""The blueprint of the roster's screens, and what they share."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, abort
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from labtracker.accounts.access import current_actor
from labtracker.accounts.models import Organization, Person
from labtracker.accounts.rules import Role
from labtracker.kit.time import local_day, utc_now
from labtracker.roster import queries
from labtracker.scheduling.models import Cohort
from labtracker.web.edge import load, load_all

blueprint = Blueprint("roster", __name__)

KEEPERS = (Role.COORDINATOR, Role.EMPLOYER)
READERS = (Role.COORDINATOR, Role.EMPLOYER, Role.TRAINER)


def cohort_shown(cohort_id: UUID) -> Cohort:
    """A cohort whose roster the actor may look at."""
    return load(queries.rosters_visible_to(current_actor()).where(Cohort.id == cohort_id))


def cohort_kept(cohort_id: UUID) -> Cohort:
    """A cohort whose roster the actor may change."""
    return load(queries.rosters_open_to(current_actor()).where(Cohort.id == cohort_id))


def today_at(cohort: Cohort) -> date:
    """The present day where the cohort is trained."""
    return local_day(utc_now(), cohort.worksite.zone)


def employers_for(cohort: Cohort | None, actor: Person) -> list[Organization]:
    """Whose workers somebody may add: staff those of any employer, the one that booked first; an employer
    its own."""
    booked = queries.employer_of(cohort) if cohort is not None else None
    if booked is not None and not actor.has(Role.COORDINATOR):
        return [booked]
    others = load_all(queries.employers_open_to(actor))
    return [booked, *(other for other in others if other is not booked)] if booked else others


def offer_employers(
    field: SelectField, employers: list[Organization], usual: Organization | None = None
) -> None:
    """Fill a choice of employers; the usual one, or one alone, is chosen already."""
    field.choices = [SelectChoice(str(employer.id), employer.name) for employer in employers]
    chosen = usual or (employers[0] if len(employers) == 1 else None)
    if chosen is None:
        field.choices.insert(0, SelectChoice("", "–"))
    elif not field.data:
        field.data = str(chosen.id)


def chosen_employer(field: SelectField, employers: list[Organization]) -> Organization:
    """The employer that was chosen; the form checked that it is offered, but it may have gone since."""
    return next((employer for employer in employers if str(employer.id) == field.data), None) or abort(404)
