"""Badges: sheets to print, one worker's card, and the page that any phone's camera opens."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Response, current_app, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.extensions import limiter
from labtracker.jobs.mail import public_url
from labtracker.kit.time import utc_now
from labtracker.roster import queries, services
from labtracker.roster.drawing.badge_sheet import BadgeCard, badge_sheet
from labtracker.roster.drawing.qr import draw_qr
from labtracker.roster.models import Badge, Enrollment, Worker
from labtracker.roster.rules import badges as rule
from labtracker.roster.rules.enrollment import EnrollmentStatus
from labtracker.roster.views.blueprint import KEEPERS, READERS, blueprint, cohort_shown
from labtracker.roster.wording import words_on_badge
from labtracker.scheduling.models import Cohort
from labtracker.web.edge import commit, load, load_all
from labtracker.web.language import language, speak


@blueprint.get("/cohorts/<uuid:cohort_id>/badges")
@roles(*READERS)
def badges(cohort_id: UUID) -> ResponseReturnValue:
    """A cohort's badges as a page to print."""
    cohort = cohort_shown(cohort_id)
    cards = _cards_of(cohort)
    return render_template(
        "roster/badges.html", cohort=cohort, cards=[(card, draw_qr(card.url)) for card in cards]
    )


@blueprint.get("/cohorts/<uuid:cohort_id>/badges.pdf")
@roles(*READERS)
def badges_pdf(cohort_id: UUID) -> ResponseReturnValue:
    """A cohort's badges as PDF."""
    cohort = cohort_shown(cohort_id)
    document = badge_sheet(
        _cards_of(cohort),
        title=_("Badges: %(cohort)s", cohort=cohort.name),
        language=language(),
        made_at=utc_now(),
    )
    response = Response(document, mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="badges.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/workers/<uuid:worker_id>/badge")
@roles(*KEEPERS)
def worker_badge(worker_id: UUID) -> ResponseReturnValue:
    """One worker's badge, large."""
    worker = load(queries.workers_visible_to(current_actor()).where(Worker.id == worker_id))
    badge = queries.active_badge(worker)
    card = _card(worker, badge) if badge else None
    return render_template(
        "roster/worker_badge.html",
        worker=worker,
        card=card,
        drawing=draw_qr(card.url) if card else None,
        link=public_url("roster.public_badge", badge_id=rule.badge_id(badge.secret)) if badge else None,
    )


@blueprint.post("/workers/<uuid:worker_id>/badge")
@roles(*KEEPERS)
def reissue_badge(worker_id: UUID) -> ResponseReturnValue:
    """Give a worker a new badge; the old one stops working."""
    worker = load(queries.workers_visible_to(current_actor()).where(Worker.id == worker_id))
    services.reissue_badge(worker, now=utc_now(), actor=current_actor())
    commit()
    flash(_("%(name)s has a new badge. The old one no longer works; print the new one.", name=worker.name))
    return redirect(url_for("roster.worker_badge", worker_id=worker.id), 303)


@blueprint.get("/B/<badge_id>")
@blueprint.get("/b/<badge_id>")
@limiter.limit("60 per minute")
def public_badge(badge_id: str) -> ResponseReturnValue:
    """What the badge's address shows to whoever opens it: program and next session, nothing of the person.

    The code to scan says no more than the address itself, so a phone can stand in for the paper badge.
    """
    secret = rule.secret_of(badge_id) if len(badge_id) == rule.ID_LENGTH else None
    badge = queries.resolve_badge(rule.badge_hash(secret)) if secret else None
    in_use = badge if badge and not badge.revoked_at else None
    if badge:
        speak(badge.worker.language)
    response = make_response(
        render_template(
            "roster/public_badge.html",
            badge=badge,
            session=queries.next_session_of(in_use.worker, utc_now()) if in_use else None,
            drawing=draw_qr(address_of(in_use)) if in_use else None,
            code=rule.shown_code(rule.short_code(in_use.badge_hash)) if in_use else None,
        ),
        200 if badge else 404,
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _cards_of(cohort: Cohort) -> list[BadgeCard]:
    rows = load_all(
        queries.enrollments_visible_to(current_actor(), cohort).where(
            Enrollment.status == EnrollmentStatus.ENROLLED
        )
    )
    pairs = [(row.worker, badge_in_use(row.worker.badges)) for row in rows]
    return [_card(worker, badge) for worker, badge in pairs if badge is not None]


def badge_in_use(issued: Sequence[Badge]) -> Badge | None:
    """The one of a worker's badges that is not revoked."""
    return next((badge for badge in issued if badge.revoked_at is None), None)


def _card(worker: Worker, badge: Badge) -> BadgeCard:
    return BadgeCard(
        name=worker.name,
        employer=worker.employer.name,
        code=rule.shown_code(rule.short_code(badge.badge_hash)),
        url=address_of(badge),
        words=words_on_badge(worker.language),
    )


def address_of(badge: Badge) -> str:
    """What stands in a badge's QR code."""
    return rule.badge_url(badge.secret, current_app.config["BADGE_HOSTS"][0])
