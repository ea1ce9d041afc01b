"""Screens of a cohort's roster: who is on it, adding one, leaving and coming back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Organization
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import local_day, utc_now
from labtracker.roster import queries, services
from labtracker.roster.forms import EnrollmentForm, WithdrawalForm
from labtracker.roster.models import Enrollment, MajorityTest, Worker
from labtracker.roster.rules.enrollment import EnrollmentStatus
from labtracker.roster.rules.majority import Majority, majority_of
from labtracker.roster.views.blueprint import (
    KEEPERS,
    READERS,
    blueprint,
    chosen_employer,
    cohort_kept,
    cohort_shown,
    employers_for,
    offer_employers,
    today_at,
)
from labtracker.scheduling.models import Cohort
from labtracker.scheduling.queries import cohorts_visible_to
from labtracker.web.edge import commit, load, load_all
from labtracker.web.forms import refuse


@blueprint.get("/cohorts/<uuid:cohort_id>/roster")
@roles(*READERS)
def roster(cohort_id: UUID) -> ResponseReturnValue:
    """Who is on a cohort's roster, how many seats are left, whether the majority test is met."""
    actor = current_actor()
    cohort = cohort_shown(cohort_id)
    enrollments = load_all(queries.enrollments_visible_to(actor, cohort))
    keeps = load_all(queries.rosters_open_to(actor).where(Cohort.id == cohort.id))
    first = queries.first_session(cohort)
    return render_template(
        "roster/roster.html",
        cohort=cohort,
        first=first,
        enrollments=enrollments,
        taken=queries.enrolled_count(cohort),
        majorities=majorities(cohort, enrollments) if actor.has(*KEEPERS) else [],
        released=queries.released_worker_ids([row.worker_id for row in enrollments]),
        may_change=bool(keeps) and cohort.closed_out_at is None and cohort.cancelled_at is None,
        prints_sheets=actor.has(Role.COORDINATOR, Role.TRAINER),
        knows_workers=actor.has(*KEEPERS),
        several_employers=len({row.worker.employer_id for row in enrollments}) > 1,
        uploads=load_all(queries.waiting_uploads(actor, cohort)) if keeps else [],
        imports=load_all(queries.applications_into(actor, cohort)) if keeps and actor.has(*KEEPERS) else [],
        sees_cohort=bool(load_all(cohorts_visible_to(actor).where(Cohort.id == cohort.id))),
    )


@dataclass(frozen=True)
class ShownMajority:
    """An employer's six-month test as a page shows it.

    ``fixed`` is what counted at the first session held, if there was one; ``live`` what it would be now,
    counted for the same day.
    """

    employer: Organization
    live: Majority
    fixed: MajorityTest | None

    @property
    def has_moved(self) -> bool:
        """Whether today's hire dates and roster would give other figures than those that were fixed."""
        return self.fixed is not None and self.fixed.outcome != self.live


def majorities(cohort: Cohort, enrollments: Sequence[Enrollment]) -> list[ShownMajority]:
    """The six-month test for each employer on a roster: live until one session was held, then fixed."""
    fixed = {test.employer: test for test in queries.fixed_majorities(cohort)}
    first = queries.first_session(cohort)
    day = local_day(first.starts_at, cohort.worksite.zone) if first else today_at(cohort)
    hired: dict[Organization, list[date | None]] = {employer: [] for employer in fixed}
    for row in enrollments:
        if row.status == EnrollmentStatus.ENROLLED:
            hired.setdefault(row.worker.employer, []).append(row.worker.hired_on)
    return [
        _shown(employer, dates, fixed.get(employer), day)
        for employer, dates in sorted(hired.items(), key=lambda item: item[0].name)
    ]


def _shown(
    employer: Organization, hired: Sequence[date | None], fixed: MajorityTest | None, day: date
) -> ShownMajority:
    return ShownMajority(employer, majority_of(hired, fixed.tested_on if fixed else day), fixed)


@blueprint.route("/cohorts/<uuid:cohort_id>/roster/new", methods=["GET", "POST"])
@roles(*KEEPERS)
def add_to_roster(cohort_id: UUID) -> ResponseReturnValue:
    """Add one person by a form."""
    actor, cohort = current_actor(), cohort_kept(cohort_id)
    employers = employers_for(cohort, actor)
    form = EnrollmentForm()
    offer_employers(form.employer_id, employers, queries.employer_of(cohort))
    if form.validate_on_submit():
        try:
            enrollment = services.enroll_by_hand(
                form.facts(),
                employer=chosen_employer(form.employer_id, employers),
                cohort=cohort,
                same_as=form.same_as.data,
                now=utc_now(),
                actor=actor,
            )
        except DomainError as error:
            if "candidates" in error.details:
                form.ask(_who_they_are(error.details["candidates"]))
            refuse(form, error)
        else:
            commit()
            flash(_("%(name)s is on the roster.", name=enrollment.worker.name))
            return redirect(url_for("roster.roster", cohort_id=cohort.id), 303)
    page = render_template("roster/worker_form.html", form=form, cohort=cohort, worker=None)
    return page, 422 if form.is_submitted() else 200


def _who_they_are(worker_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Workers by what tells them apart: name, hire date, employee number, e-mail."""
    found = []
    for worker_id in worker_ids:
        worker = db.session.get_one(Worker, UUID(worker_id))
        facts = [
            _("hired %(day)s", day=worker.hired_on) if worker.hired_on else None,
            _("no. %(number)s", number=worker.employee_number) if worker.employee_number else None,
            worker.email,
            _("archived") if worker.archived_at else None,
        ]
        found.append((worker_id, ", ".join([_("Yes: %(name)s", name=worker.name), *filter(None, facts)])))
    return found


@blueprint.route("/enrollments/<uuid:enrollment_id>/withdrawal", methods=["GET", "POST"])
@roles(*KEEPERS)
def withdraw(enrollment_id: UUID) -> ResponseReturnValue:
    """Take somebody off a roster, with the day and the reason."""
    enrollment = _kept(enrollment_id)
    today = today_at(enrollment.cohort)
    form = WithdrawalForm(withdrawn_on=today)
    if form.validate_on_submit():
        try:
            services.withdraw(
                enrollment,
                on=form.withdrawn_on.data,
                reason=form.reason.data or "",
                now=utc_now(),
                today=today,
                actor=current_actor(),
            )
        except DomainError as error:
            refuse(form, error)
        else:
            commit()
            flash(_("%(name)s has left the cohort. The record stays.", name=enrollment.worker.name))
            return redirect(url_for("roster.roster", cohort_id=enrollment.cohort_id), 303)
    first = queries.first_session(enrollment.cohort)
    page = render_template(
        "roster/withdrawal.html",
        form=form,
        enrollment=enrollment,
        before_start=first is None or first.starts_at > utc_now(),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/enrollments/<uuid:enrollment_id>/return")
@roles(*KEEPERS)
def re_enroll(enrollment_id: UUID) -> ResponseReturnValue:
    """Bring somebody who left back."""
    enrollment = _kept(enrollment_id)
    services.re_enroll(enrollment, now=utc_now(), actor=current_actor())
    commit()
    flash(_("%(name)s is on the roster again.", name=enrollment.worker.name))
    return redirect(url_for("roster.roster", cohort_id=enrollment.cohort_id), 303)


def _kept(enrollment_id: UUID) -> Enrollment:
    return load(queries.enrollments_open_to(current_actor()).where(Enrollment.id == enrollment_id))
