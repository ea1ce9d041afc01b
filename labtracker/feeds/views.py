"""Screens of calendar addresses, and the feeds themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.http import is_resource_modified

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.provider import provider_name
from labtracker.accounts.qr import qr_path
from labtracker.accounts.rules import Role
from labtracker.extensions import limiter
from labtracker.feeds import queries, services
from labtracker.feeds.forms import FeedForm, key_of, subject_of_key
from labtracker.feeds.ics import Heading, calendar_file
from labtracker.feeds.models import CalendarFeed
from labtracker.feeds.rules import FeedEvent, FeedKind
from labtracker.feeds.wording import HOLDS, KINDS
from labtracker.kit.ids import fingerprint
from labtracker.kit.time import utc_now
from labtracker.web.edge import commit, load, load_all
from labtracker.web.language import LOCALES, language
from labtracker.web.origin import origin

blueprint = Blueprint("feeds", __name__)
READERS = (Role.COORDINATOR, Role.TRAINER, Role.EMPLOYER)


@blueprint.get("/calendar/feeds")
@roles(*READERS)
def feeds() -> ResponseReturnValue:
    """The calendar addresses somebody has, with a way to renew and to stop each."""
    held = [
        (feed, queries.subject_named(FeedKind(feed.kind), feed.subject_id))
        for feed in load_all(queries.feeds_of(current_actor()))
    ]
    return render_template("feeds/feeds.html", held=held, kinds=KINDS, holds_words=HOLDS)


@blueprint.route("/calendar/feeds/new", methods=["GET", "POST"])
@roles(*READERS)
def new_feed() -> ResponseReturnValue:
    """Choose a calendar; its address is shown once, in the answer to the press."""
    actor, form = current_actor(), FeedForm()
    subjects = queries.subjects_for(actor)
    form.offer(subjects)
    if form.validate_on_submit():
        kind, subject_id = subject_of_key(form.subject.data)
        made = services.make_feed(kind=kind, subject_id=subject_id, actor=actor, now=utc_now())
        commit()
        return _shown_once(*made)
    if request.method == "GET":
        asked = request.args.get("of", "")
        form.subject.data = asked if asked in {key_of(one) for one in subjects} else None
    page = render_template("feeds/new.html", form=form, subjects=subjects)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/calendar/feeds/<uuid:feed_id>/renewal")
@roles(*READERS)
def renew_feed(feed_id: UUID) -> ResponseReturnValue:
    """Make a new address for the same calendar; the old one stops."""
    made = services.renew_feed(_load(feed_id), actor=current_actor(), now=utc_now())
    commit()
    return _shown_once(*made)


@blueprint.post("/calendar/feeds/<uuid:feed_id>/ending")
@roles(*READERS)
def stop_feed(feed_id: UUID) -> ResponseReturnValue:
    """Let an address work no more."""
    services.stop_feed(_load(feed_id), actor=current_actor(), now=utc_now())
    commit()
    flash(_("The address is stopped. Calendar programs that read it get nothing new."))
    return redirect(url_for("feeds.feeds"), 303)


def _load(feed_id: UUID) -> CalendarFeed:
    return load(queries.feeds_of(current_actor()).where(CalendarFeed.id == feed_id))


def _shown_once(feed: CalendarFeed, secret: str) -> str:
    subject = queries.subject_named(FeedKind(feed.kind), feed.subject_id)
    address = f"{origin()}{url_for('feeds.calendar_file_of', secret=secret)}"
    webcal = f"webcal://{address.split('://', 1)[1]}"
    path, size = qr_path(webcal)
    return render_template(
        "feeds/made.html",
        subject=subject,
        holds_words=HOLDS,
        address=address,
        webcal=webcal,
        path=path,
        size=size,
    )


@blueprint.get("/feeds/<secret>.ics")
@limiter.limit("120 per minute")
def calendar_file_of(secret: str) -> ResponseReturnValue:
    """A calendar as a file that calendar programs read by themselves: what its owner may see, now."""
    opened = services.open_feed(secret)
    if opened is None:
        abort(410)
    now = utc_now()
    with force_locale(LOCALES.get(opened.owner.language or "", LOCALES["en"])):
        name = _("%(provider)s: %(name)s", provider=provider_name(), name=opened.subject.name)
        heading = Heading(name, language())
        events = queries.events_of(opened.subject, owner=opened.owner, now=now, page_of=_page)
    digest = fingerprint(repr((heading, events)))
    since = services.note_reading(opened.feed, digest, now=now)
    return _answer(heading, events, digest, since)


def _page(endpoint: str, **ids: Any) -> str:
    return f"{origin()}{url_for(endpoint, **ids)}"


def _answer(heading: Heading, events: list[FeedEvent], digest: str, since: datetime) -> Response:
    answer = Response(mimetype="text/calendar")
    answer.set_etag(digest)
    answer.last_modified = since
    # Kept by whoever asked alone, who asks each time whether it still holds.
    answer.cache_control.private = True
    answer.cache_control.no_cache = True
    answer.headers["X-Robots-Tag"] = "noindex"
    # A file of thousands of lines is written only for those who do not have it.
    if is_resource_modified(request.environ, f'"{digest}"', last_modified=since):
        answer.headers["Content-Disposition"] = 'inline; filename="labtracker.ics"'
        answer.set_data(calendar_file(heading, events))
    answer.make_conditional(request)
    return answer
