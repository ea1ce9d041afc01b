"""What changed after the close-out: the coordinators' list, and having looked at it."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.completion import services
from labtracker.completion.queries.late import changes_waiting
from labtracker.completion.views.blueprint import blueprint, judged_cohort
from labtracker.completion.words import change_words
from labtracker.kit.time import utc_now
from labtracker.web.edge import commit


@blueprint.get("/late-changes")
@roles(Role.COORDINATOR)
def late_changes() -> str:
    """Closed-out cohorts whose figures changed since, until somebody has looked at them."""
    by_cohort = groupby(changes_waiting(), key=lambda one: one.enrollment.cohort)
    return render_template(
        "completion/late_changes.html",
        cohorts=[(cohort, list(changes)) for cohort, changes in by_cohort],
        change_words=change_words,
    )


@blueprint.post("/cohorts/<uuid:cohort_id>/late-changes/acknowledgement")
@roles(Role.COORDINATOR)
def acknowledge(cohort_id: UUID) -> ResponseReturnValue:
    """Say that a cohort's late changes were looked at."""
    found = judged_cohort(cohort_id)
    services.acknowledge_late_changes(found, actor=current_actor(), now=utc_now())
    commit()
    flash(_("The changes of %(cohort)s are acknowledged. They stay in its history.", cohort=found.name))
    return redirect(url_for("completion.late_changes"), 303)
