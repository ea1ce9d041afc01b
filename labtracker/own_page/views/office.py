"""How the college helps with a worker's own page: a link by hand, the address confirmed, words answered."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.provider import provider_name
from labtracker.accounts.rules import Role
from labtracker.jobs.mail import public_url
from labtracker.kit.time import utc_now
from labtracker.own_page import queries, services
from labtracker.own_page.models import OwnWord
from labtracker.own_page.rules import Obstacle
from labtracker.own_page.views.blueprint import blueprint
from labtracker.own_page.words import OBSTACLES
from labtracker.roster.drawing.qr import draw_qr
from labtracker.roster.models import Worker
from labtracker.web.edge import commit, load
from labtracker.web.filters import Choice
from labtracker.web.language import LOCALES
from labtracker.web.pagination import page_of, url_with

HELPERS = (Role.COORDINATOR, Role.TRAINER)


@blueprint.get("/workers/<uuid:worker_id>/own-page")
@roles(*HELPERS)
def help_with_page(worker_id: UUID) -> ResponseReturnValue:
    """How a worker gets to their own page, and what stands in the way."""
    worker = _worker(worker_id)
    obstacle = queries.mail_obstacle(worker)
    return render_template(
        "own_page/help.html",
        worker=worker,
        trouble=OBSTACLES[obstacle] if obstacle else None,
        may_confirm=obstacle is Obstacle.CHANGED and current_actor().has(Role.COORDINATOR),
        last=queries.last_visit(worker),
        ask_url=public_url("own_page.ask"),
    )


@blueprint.post("/workers/<uuid:worker_id>/own-page/link")
@roles(*HELPERS)
def hand_over(worker_id: UUID) -> ResponseReturnValue:
    """Make a link to give to the worker: a code to scan from the screen, or a text message to write."""
    worker = _worker(worker_id)
    url = services.hand_over_link(worker, actor=current_actor(), now=utc_now())
    commit()
    return render_template(
        "own_page/handed_over.html",
        worker=worker,
        url=url,
        drawing=draw_qr(url),
        message=_text_message(worker, url),
    )


@blueprint.post("/workers/<uuid:worker_id>/own-page/address")
@roles(Role.COORDINATOR)
def confirm_address(worker_id: UUID) -> ResponseReturnValue:
    """Say that the worker confirmed the address on the roster."""
    worker = _worker(worker_id)
    services.confirm_address(worker, actor=current_actor(), now=utc_now())
    commit()
    flash(_("Saved. Links go to this address from now on."))
    return redirect(url_for("own_page.help_with_page", worker_id=worker.id), 303)


@blueprint.post("/workers/<uuid:worker_id>/own-page/end")
@roles(Role.COORDINATOR)
def close_everywhere(worker_id: UUID) -> ResponseReturnValue:
    """Close a worker's page wherever it is open, such as after a phone was stolen."""
    worker = _worker(worker_id)
    services.end_visits_of(worker, actor=current_actor(), now=utc_now())
    commit()
    flash(_("The page is closed everywhere, and no earlier link works any more."))
    return redirect(url_for("own_page.help_with_page", worker_id=worker.id), 303)


@blueprint.get("/workers/messages")
@roles(Role.COORDINATOR)
def words() -> ResponseReturnValue:
    """What workers wrote from their own pages, the latest first."""
    show = request.args.get("show", "")
    query = queries.words_read_by(current_actor())
    query = query.where(
        OwnWord.settled_at.is_not(None) if show == "settled" else OwnWord.settled_at.is_(None)
    )
    choices = (("", _("Waiting")), ("settled", _("Settled")))
    return render_template(
        "own_page/words.html",
        page=page_of(query.order_by(OwnWord.written_at.desc(), OwnWord.id)),
        filters=[Choice(label, url_with(show=key or None, page=None), key == show) for key, label in choices],
        show=show,
    )


@blueprint.post("/workers/messages/<uuid:word_id>")
@roles(Role.COORDINATOR)
def settle(word_id: UUID) -> ResponseReturnValue:
    """Say that what a worker wrote was seen to."""
    word = load(queries.words_read_by(current_actor()).where(OwnWord.id == word_id))
    services.settle_word(word, actor=current_actor(), now=utc_now())
    commit()
    flash(_("Settled."))
    return redirect(url_for("own_page.words"), 303)


def _worker(worker_id: UUID) -> Worker:
    return load(queries.workers_handed_to(current_actor()).where(Worker.id == worker_id))


def _text_message(worker: Worker, url: str) -> str | None:
    """The address that opens a text message to the worker on the phone of whoever presses it."""
    if worker.phone is None:
        return None
    with force_locale(LOCALES.get(worker.language or "", LOCALES["en"])):
        text = _(
            "%(provider)s: your own training page. This link works once, for a day: %(url)s",
            provider=provider_name(),
            url=url,
        )
    return f"sms:{worker.phone}?&body={quote(text)}"
