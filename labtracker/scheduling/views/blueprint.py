"""The blueprint of the calendar's screens, and what all of them share."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from labtracker.accounts.access import current_actor
from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.attachments.services import may_remove
from labtracker.scheduling import queries
from labtracker.scheduling.forms import ACCEPTED
from labtracker.scheduling.models import BookingRequest, Cohort, Deployment, Session
from labtracker.scheduling.rules.states import BookingStatus, Side
from labtracker.scheduling.wording import (
    BOOKING_KINDS,
    BOOKING_STATES,
    DELIVERY_MODES,
    DEPLOYMENT_KINDS,
    DEPLOYMENT_STATES,
    DUTIES,
    FILE_KINDS,
    PAYERS,
    hours_words,
    weekday_words,
)
from labtracker.web.display import local_time
from labtracker.web.edge import load, only_read_on
from labtracker.web.fields import version_in
from labtracker.web.filters import Choice
from labtracker.web.language import language

blueprint = Blueprint("scheduling", __name__)

STAFF = (Role.COORDINATOR, Role.TRAINER)
READERS = (Role.COORDINATOR, Role.TRAINER, Role.EMPLOYER)
CALENDAR_READERS = (*READERS, Role.REVIEWER)
ASKERS = (Role.COORDINATOR, Role.EMPLOYER)


@blueprint.app_context_processor
def words_for_templates() -> dict[str, Any]:
    """What states are called, for every template of the calendar and those that include its parts."""
    return {
        "booking_states": BOOKING_STATES,
        "booking_kinds": BOOKING_KINDS,
        "deployment_states": DEPLOYMENT_STATES,
        "deployment_kinds": DEPLOYMENT_KINDS,
        "delivery_modes": DELIVERY_MODES,
        "payer_words": PAYERS,
        "duty_words": DUTIES,
        "weekday_words": weekday_words,
        "hours_words": hours_words,
        "draft_item": draft_item,
        "file_kinds": FILE_KINDS,
        "accepted_files": ACCEPTED,
        "may_remove": lambda file: may_remove(file, current_actor()),
    }


def draft_item(draft: BookingRequest) -> dict[str, Any]:
    """A draft as a line of a task list: what is known of it, and when it was last worked on."""
    known = [
        draft.worksite.name if draft.worksite else "",
        ngettext("%(num)s worker", "%(num)s workers", draft.headcount) if draft.headcount else "",
        Markup(_("last changed %(when)s", when="{}")).format(local_time(draft.updated_at)),  # noqa: S704
    ]
    return {
        "label": draft.course.title_in(language()) if draft.course else _("No course chosen yet"),
        "url": url_for("scheduling.answers", booking_id=draft.id),
        "hint": Markup(" · ").join(filter(None, [draft.employer.name, *known])),
        "state": BOOKING_STATES[BookingStatus.DRAFT],
    }


def load_booking(booking_id: UUID) -> BookingRequest:
    """A booking the actor may see, or 404."""
    query = queries.bookings_visible_to(current_actor()).where(BookingRequest.id == booking_id)
    return load(queries.with_cohorts(query))


def load_deployment(deployment_id: UUID) -> Deployment:
    """A deployment the actor may see, or 404."""
    return load(queries.deployments_visible_to(current_actor()).where(Deployment.id == deployment_id))


def load_cohort(cohort_id: UUID) -> Cohort:
    """A cohort the actor may see, or 404."""
    return load(queries.cohorts_visible_to(current_actor()).where(Cohort.id == cohort_id))


def load_session(session_id: UUID) -> Session:
    """A session the actor may see, or 404."""
    return load(queries.sessions_visible_to(current_actor()).where(Session.id == session_id))


def unread_messages() -> dict[UUID, int]:
    """How many messages wait for whoever is signed in, by booking; asked for once in a request."""
    if "unread_messages" not in g:
        g.unread_messages = queries.unread_by_booking(current_actor())
    return cast(dict[UUID, int], g.unread_messages)


def undo() -> None:
    """Forget what a refused service had begun, before the page is shown again."""
    only_read_on()


def seen_version(name: str = "version") -> int | None:
    """The version of what a button's page showed, if it says so."""
    return version_in(request.form.get(name, ""))


def tabs(actor: Person, here: str, **kept: Any) -> list[Choice]:
    """The ways to look at the calendar; agenda, week and month keep what was asked for (``kept``)."""
    looks = (("agenda", _("Agenda"), None), ("week", _("Week"), "week"), ("month", _("Month"), "month"))
    ways = [(name, label, url_for("scheduling.calendar", view=view, **kept)) for name, label, view in looks]
    if actor.has(*READERS):
        ways.append(("deployments", _("Deployments"), url_for("scheduling.deployments")))
        ways.append(("site_checks", _("Checks of sites"), url_for("scheduling.site_checks")))
    if actor.has(Role.COORDINATOR):
        ways.insert(0, ("board", _("Board"), url_for("scheduling.board")))
    return [Choice(label, url, name == here) for name, label, url in ways]


def next_words(state: str, side: Side, *, site_ready: bool = True) -> str:
    """The next thing to do, in one sentence, for whoever reads."""
    provider = side is Side.PROVIDER
    words = {
        BookingStatus.DRAFT: _("Finish it and send it in."),
        BookingStatus.SUBMITTED: _("Look at it, then plan it, put it on the waiting list or decline.")
        if provider
        else _("We read it within two working days. You need not do anything."),
        BookingStatus.UNDER_REVIEW: _("Plan it, put it on the waiting list or decline.")
        if provider
        else _("A coordinator is looking for a lab and days. You need not do anything."),
        BookingStatus.PLANNED: _planned_words(provider, site_ready),
        BookingStatus.CONFIRMED: _("The roster of workers comes next.")
        if provider
        else _("Send the roster of your workers."),
        BookingStatus.WAITLISTED: _("Plan it as soon as a lab is free.")
        if provider
        else _("We come back to you as soon as a lab is free."),
        "underway": _("Training is going on."),
        "done": _("Everything is done. Results are under Cohorts.")
        if provider
        else _("Everything is done. Thank you."),
    }
    return words.get(state, "" if provider else _("You may ask again at any time."))


def _planned_words(provider: bool, site_ready: bool) -> str:
    if site_ready:
        return _("The employer has to confirm.") if provider else _("Look at the days and confirm them.")
    return (
        _("The site’s checklist comes first, then the employer confirms.")
        if provider
        else _("Look at the days. The site’s checklist comes first, then you confirm them.")
    )
