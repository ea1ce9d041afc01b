"""One worker's badge: shown, printed, replaced, revoked, brought back, and what became of those before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import pgettext

from labtracker.accounts.access import current_actor, roles
from labtracker.errors import DomainError
from labtracker.jobs.mail import public_url
from labtracker.kit.time import utc_now
from labtracker.roster import queries, services
from labtracker.roster.drawing.layouts import LAYOUTS
from labtracker.roster.drawing.paper import can_draw
from labtracker.roster.drawing.qr import draw_qr
from labtracker.roster.forms import BadgePrintForm, BadgeReasonForm
from labtracker.roster.models import Badge, BadgeStep, Worker
from labtracker.roster.rules import badges as rule
from labtracker.roster.rules.revoking import BadgeChange, BadgeReason
from labtracker.roster.views.badges import card_of, layout_remembered, printed
from labtracker.roster.views.blueprint import KEEPERS, blueprint
from labtracker.roster.wording import BADGE_CHANGES, badge_reason
from labtracker.web.edge import commit, load


@blueprint.get("/workers/<uuid:worker_id>/badge")
@roles(*KEEPERS)
def worker_badge(worker_id: UUID) -> ResponseReturnValue:
    """One worker's badge, large, and what became of those before."""
    return _page(_worker(worker_id), _print_form(), BadgeReasonForm())


@blueprint.post("/workers/<uuid:worker_id>/badge.pdf")
@roles(*KEEPERS)
def worker_badge_pdf(worker_id: UUID) -> ResponseReturnValue:
    """One worker's badge as PDF."""
    worker = _worker(worker_id)
    badge, form = queries.active_badge(worker), _print_form()
    if badge is None or not form.validate_on_submit():
        return _page(worker, form, BadgeReasonForm(formdata=None)), 422
    return printed([(worker, badge)], form, title=_("Badge of %(name)s", name=worker.name))


@blueprint.post("/workers/<uuid:worker_id>/badge")
@roles(*KEEPERS)
def reissue_badge(worker_id: UUID) -> ResponseReturnValue:
    """Give a worker a new badge; the old one stops working."""
    worker = _worker(worker_id)
    form = BadgeReasonForm()
    if not form.validate_on_submit():
        return _page(worker, _print_form(fresh=True), form), 422
    services.reissue_badge(worker, now=utc_now(), actor=current_actor(), **_why(form))
    commit()
    flash(_("%(name)s has a new badge. The old one no longer works; print the new one.", name=worker.name))
    return redirect(url_for("roster.worker_badge", worker_id=worker.id), 303)


@blueprint.post("/workers/<uuid:worker_id>/badge/revocation")
@roles(*KEEPERS)
def revoke_badge(worker_id: UUID) -> ResponseReturnValue:
    """Stop a worker's badge and make no new one."""
    worker = _worker(worker_id)
    form = BadgeReasonForm()
    if not form.validate_on_submit():
        return _page(worker, _print_form(fresh=True), form), 422
    try:
        services.revoke_badges(worker, now=utc_now(), actor=current_actor(), **_why(form))
    except DomainError as error:
        flash(error.message, "error")
    else:
        commit()
        flash(_("The badge of %(name)s is revoked. It can be brought back here.", name=worker.name))
    return redirect(url_for("roster.worker_badge", worker_id=worker.id), 303)


@blueprint.post("/workers/<uuid:worker_id>/badges/<uuid:revoked_id>/restoration")
@roles(*KEEPERS)
def restore_badge(worker_id: UUID, revoked_id: UUID) -> ResponseReturnValue:
    """Make a revoked badge good again."""
    worker = _worker(worker_id)
    badge = load(queries.badges_finding(worker).where(Badge.id == revoked_id))
    try:
        services.restore_badge(badge, actor=current_actor(), now=utc_now())
    except DomainError as error:
        flash(error.message, "error")
    else:
        commit()
        flash(_("The badge is in use again. Phones hear of it with their next signal."))
    return redirect(url_for("roster.worker_badge", worker_id=worker.id), 303)


def _worker(worker_id: UUID) -> Worker:
    return load(queries.workers_visible_to(current_actor()).where(Worker.id == worker_id))


def _print_form(*, fresh: bool = False) -> BadgePrintForm:
    form = BadgePrintForm(formdata=None) if fresh else BadgePrintForm()
    form.offer(LAYOUTS.values(), layout_remembered())
    return form


def _why(form: BadgeReasonForm) -> dict[str, Any]:
    return {"reason": BadgeReason(form.reason.data), "note": form.note.data or None}


def _page(worker: Worker, print_form: BadgePrintForm, reason_form: BadgeReasonForm) -> str:
    badge = queries.active_badge(worker)
    card = card_of(worker, badge) if badge else None
    return render_template(
        "roster/worker_badge.html",
        worker=worker,
        card=card,
        drawing=draw_qr(card.url) if card else None,
        link=public_url("roster.public_badge", badge_id=rule.badge_id(badge.secret)) if badge else None,
        is_drawn=can_draw(worker.name),
        printed_at=badge.printed_at if badge else None,
        in_use=bool(queries.badges_in_use(worker)),
        print_form=print_form,
        reason_form=reason_form,
        issued=[_told(one) for one in queries.badges_ever_of(worker)],
    )


def _told(badge: Badge) -> dict[str, Any]:
    """One badge with its story, the newest first."""
    story = [_step(one) for one in badge.steps]
    if badge.revoked_at is not None and not story:
        story.append({"at": badge.revoked_at, "text": str(BADGE_CHANGES[BadgeChange.REVOKED])})
    if badge.printed_at is not None:
        story.append({"at": badge.printed_at, "text": _("Printed last")})
    story.append({"at": badge.issued_at, "text": pgettext("badge", "Made")})
    return {
        "id": badge.id,
        "code": rule.shown_code(rule.short_code(badge.badge_hash)),
        "in_use": badge.revoked_at is None,
        "may_return": services.why_not_back(badge) is None,
        "story": sorted(story, key=lambda entry: entry["at"], reverse=True),
    }


def _step(one: BadgeStep) -> dict[str, Any]:
    return {
        "at": one.at,
        "text": str(BADGE_CHANGES[BadgeChange(one.kind)]),
        "who": one.by.name if one.by else "",
        "why": badge_reason(one),
    }
