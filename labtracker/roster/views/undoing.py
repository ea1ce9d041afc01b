"""Undoing an import: what it would take back and what stays, then doing it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.kit.time import utc_now
from labtracker.roster import queries, services
from labtracker.roster.models import RosterApplication
from labtracker.roster.reading.messages import FIELD_WORDS
from labtracker.roster.rules.undoing import Kept
from labtracker.roster.views.blueprint import KEEPERS, blueprint
from labtracker.web.edge import commit, load
from labtracker.web.pagination import page_of_rows

PER_PAGE = 50
WHY = {
    Kept.MERGED: _l("Counts as somebody else by now."),
    Kept.SESSION_BEGAN: _l(
        "A session was held since, or is going on; phones may still tell of it, so the place stays."
    ),
    Kept.COHORT_CLOSED: _l("That cohort is closed; the place stays."),
    Kept.LEFT: _l("Left the cohort since; that stays in the records."),
    Kept.RECORDED: _l("Something was recorded of them."),
    Kept.CERTIFICATE: _l("Has a certificate."),
    Kept.OVERRIDE: _l("Somebody decided about their completion."),
    Kept.RELEASED: _l("Released their attendance."),
    Kept.USED: _l("Has been used for something else since."),
    Kept.CHANGED: _l("Somebody changed what is known of this worker; the worker stays."),
    Kept.BADGE_REPLACED: _l("The badge was revoked or replaced since; worker and badge stay."),
    Kept.OTHER_ROSTER: _l("Is on another roster by now; worker and badge stay."),
}
# What tells of somebody's days at the lab: an employer may know of them only what the worker released.
OF_THE_OFFICE = frozenset({Kept.RECORDED, Kept.CERTIFICATE, Kept.OVERRIDE, Kept.RELEASED})


@dataclass(frozen=True)
class Shown:
    """A row of the list: what goes and what stays, in words."""

    row: int
    name: str
    goes: list[str]
    stays: list[str]


@blueprint.get("/roster-applications/<uuid:application_id>/undoing")
@roles(*KEEPERS)
def undoing(application_id: UUID) -> str:
    """What undoing a step of an import takes back and what stays; once it is done, what stayed."""
    step = _open(application_id)
    plan = services.what_undoing_takes(step, utc_now())
    rows = _kept_rows(step) if step.undone_at else _planned_rows(plan)
    staged = step.roster_import
    return render_template(
        "roster/undoing.html",
        step=step,
        staged=staged,
        cohort=staged.cohort,
        undoing=plan,
        closed=_why_closed(step),
        page=page_of_rows(rows, PER_PAGE),
    )


@blueprint.post("/roster-applications/<uuid:application_id>/undoing")
@roles(*KEEPERS)
def undo_import(application_id: UUID) -> ResponseReturnValue:
    """Undo a step of an import."""
    step = _open(application_id)
    done = services.undo_application(step, actor=current_actor(), now=utc_now())
    commit()
    flash(
        _(
            "Undone: %(workers)s new workers, %(places)s places on the roster, %(badges)s badges.",
            workers=done.count("worker"),
            places=done.count("enrollment"),
            badges=done.count("badge"),
        )
    )
    if done.staying:
        return redirect(url_for("roster.undoing", application_id=step.id), 303)
    return redirect(url_for("roster.roster", cohort_id=step.roster_import.cohort_id), 303)


def _open(application_id: UUID) -> RosterApplication:
    return load(queries.applications_open_to(current_actor()).where(RosterApplication.id == application_id))


def _why_closed(step: RosterApplication) -> str:
    try:
        services.refuse_if_closed(step.roster_import.cohort)
    except DomainError as refusal:
        return refusal.message
    return ""


def _planned_rows(plan: services.Undoing) -> list[Shown]:
    """Every row, those of which something stays first."""
    staying = {row.row for row in plan.staying}
    return [
        Shown(row.row, row.name, _what_goes(row), _reasons((*row.takes.stays, *row.takes.kept_fields)))
        for row in sorted(plan.rows, key=lambda row: (row.row not in staying, row.row))
    ]


def _what_goes(row: services.UndoneRow) -> list[str]:
    takes = row.takes
    goes = [
        words
        for is_so, words in (
            (takes.worker, _("the worker")),
            (takes.enrollment, _("the place on the roster")),
            (takes.badge, _("the badge")),
            (takes.archives, _("is archived again")),
        )
        if is_so
    ]
    if takes.restored:
        fields = ", ".join(str(FIELD_WORDS[name]) for name in takes.restored)
        goes.append(_("as before: %(fields)s", fields=fields))
    return goes


def _kept_rows(step: RosterApplication) -> list[Shown]:
    workers = queries.workers_among(
        step.roster_import.employer_id, [UUID(one["worker"]) for one in step.kept]
    )
    return [
        Shown(
            one["row"],
            workers[UUID(one["worker"])].name if UUID(one["worker"]) in workers else "",
            [],
            _reasons(one["stays"]),
        )
        for one in step.kept
    ]


def _reasons(codes: Iterable[str]) -> list[str]:
    """Why something stays: codes of reasons, and names of fields that somebody changed."""
    knows_all = current_actor().has(Role.COORDINATOR)
    reasons = [code for code in codes if code in WHY]
    if not knows_all:
        reasons = [Kept.USED if code in OF_THE_OFFICE else code for code in reasons]
        if Kept.SESSION_BEGAN in reasons:
            reasons = [code for code in reasons if code != Kept.USED]
    told = [str(WHY[Kept(code)]) for code in dict.fromkeys(reasons)]
    fields = [str(FIELD_WORDS[code]) for code in codes if code in FIELD_WORDS]
    if fields:
        told.append(_("Changed by somebody since: %(fields)s", fields=", ".join(fields)))
    return told
