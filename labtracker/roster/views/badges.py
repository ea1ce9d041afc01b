"""Printing badges: a cohort's as PDF in a layout of one's choice, or as a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.kit.time import utc_now
from labtracker.roster import queries, services
from labtracker.roster.drawing.badge_sheet import BadgeCard, badge_sheet
from labtracker.roster.drawing.layouts import LAYOUTS, USUAL, Layout
from labtracker.roster.drawing.paper import can_draw
from labtracker.roster.drawing.qr import draw_qr
from labtracker.roster.forms import BadgePrintForm, CohortBadgesForm
from labtracker.roster.models import Badge, Enrollment, Worker
from labtracker.roster.rules import badges as rule
from labtracker.roster.rules.enrollment import EnrollmentStatus
from labtracker.roster.views.blueprint import KEEPERS, READERS, blueprint, cohort_shown
from labtracker.roster.wording import words_on_badge
from labtracker.scheduling.models import Cohort
from labtracker.web.edge import commit, let_others_write, load_all
from labtracker.web.language import language

COOKIE = "badge_layout"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Holder:
    """Somebody on a roster with the badge in use, and whether the PDF can write the name."""

    worker: Worker
    badge: Badge | None
    is_drawn: bool


@blueprint.get("/cohorts/<uuid:cohort_id>/badges")
@roles(*READERS)
def badges(cohort_id: UUID) -> ResponseReturnValue:
    """A cohort's badges: which to print, and how."""
    cohort = cohort_shown(cohort_id)
    holders = _holders(cohort)
    return _page(cohort, holders, _form(holders))


@blueprint.post("/cohorts/<uuid:cohort_id>/badges.pdf")
@roles(*READERS)
def badges_pdf(cohort_id: UUID) -> ResponseReturnValue:
    """A cohort's badges as PDF, all or some, and a note that they were printed."""
    cohort = cohort_shown(cohort_id)
    holders = _holders(cohort)
    form = _form(holders)
    if not form.validate_on_submit():
        return _page(cohort, holders, form), 422
    chosen = _chosen(form, holders)
    if not chosen:
        ticks = form.who.data == "ticked"
        words = _("Tick at least one person.") if ticks else _("No badge is left to print.")
        form.form_errors.append(words)
        return _page(cohort, holders, form), 422
    return printed(chosen, form, title=_("Badges: %(cohort)s", cohort=cohort.name))


@blueprint.get("/cohorts/<uuid:cohort_id>/badges/cards")
@roles(*READERS)
def badge_cards(cohort_id: UUID) -> ResponseReturnValue:
    """A cohort's badges as a page to print, with names in every script."""
    cohort = cohort_shown(cohort_id)
    cards = [card_of(one.worker, one.badge) for one in _holders(cohort) if one.badge]
    return render_template(
        "roster/badge_cards.html", cohort=cohort, cards=[(card, draw_qr(card.url)) for card in cards]
    )


def printed(pairs: Sequence[tuple[Worker, Badge]], form: BadgePrintForm, *, title: str) -> Response:
    """The PDF of these badges in the layout of a form that was checked; the browser remembers the layout."""
    layout, first, spoken = LAYOUTS[form.layout.data], form.first.data, language()
    cards = [card_of(worker, badge) for worker, badge in pairs]
    ids = [badge.id for _worker, badge in pairs]
    let_others_write()
    now = utc_now()
    document = badge_sheet(cards, title=title, language=spoken, made_at=now, layout=layout, first=first)
    services.record_printing(ids, now=now)
    commit()
    response = Response(document, mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="badges.pdf"'
    response.headers["Cache-Control"] = "no-store"
    response.set_cookie(
        COOKIE, layout.key, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure
    )
    return response


def layout_remembered() -> Layout:
    """The layout that this browser printed last."""
    return LAYOUTS.get(request.cookies.get(COOKIE, ""), USUAL)


def card_of(worker: Worker, badge: Badge) -> BadgeCard:
    """What stands on a worker's badge."""
    return BadgeCard(
        name=worker.name,
        employer=worker.employer.name,
        code=rule.shown_code(rule.short_code(badge.badge_hash)),
        url=address_of(badge),
        words=words_on_badge(worker.language),
    )


def badge_in_use(issued: Sequence[Badge]) -> Badge | None:
    """Of a worker's badges, from the oldest on, the newest that is not revoked."""
    return next((badge for badge in reversed(issued) if badge.revoked_at is None), None)


def address_of(badge: Badge) -> str:
    """What stands in a badge's QR code."""
    return rule.badge_url(badge.secret, current_app.config["BADGE_HOSTS"][0])


def _holders(cohort: Cohort) -> list[Holder]:
    rows = load_all(
        queries.enrollments_visible_to(current_actor(), cohort).where(
            Enrollment.status == EnrollmentStatus.ENROLLED
        )
    )
    return [Holder(one.worker, badge_in_use(one.worker.badges), can_draw(one.worker.name)) for one in rows]


def _form(holders: Sequence[Holder]) -> CohortBadgesForm:
    form = CohortBadgesForm()
    form.offer(LAYOUTS.values(), layout_remembered())
    form.ticked.choices = [(str(one.worker.id), one.worker.name) for one in holders if one.badge]
    return form


def _chosen(form: CohortBadgesForm, holders: Sequence[Holder]) -> list[tuple[Worker, Badge]]:
    ticked = set(form.ticked.data or ())
    takes = {
        "all": lambda one: True,
        "unprinted": lambda one: one.badge.printed_at is None,
        "ticked": lambda one: str(one.worker.id) in ticked,
    }[form.who.data]
    return [(one.worker, one.badge) for one in holders if one.badge and takes(one)]


def _page(cohort: Cohort, holders: Sequence[Holder], form: CohortBadgesForm) -> str:
    return render_template(
        "roster/badges.html",
        cohort=cohort,
        holders=holders,
        form=form,
        ticked=set(form.ticked.data or ()),
        written=[one for one in holders if one.badge and not one.is_drawn],
        unprinted=sum(1 for one in holders if one.badge and one.badge.printed_at is None),
        keeps_badges=any(current_actor().has(role) for role in KEEPERS),
        in_hand=sum(1 for one in holders if one.badge),
    )
