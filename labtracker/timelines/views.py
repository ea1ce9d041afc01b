"""The page of a worker's timeline, filtered, in parts or whole for paper, and the frames behind it."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.completion.words import signed_words
from labtracker.timelines.queries import Sight, frame_seen, sight_of, timeline_of
from labtracker.timelines.rules import Kind
from labtracker.web.edge import load
from labtracker.web.language import language
from labtracker.web.pagination import page_of_rows, url_with

blueprint = Blueprint("timelines", __name__)
READERS = (Role.COORDINATOR, Role.REVIEWER, Role.TRAINER)
PER_PAGE = 50
# For paper; a person of a hundred sessions has fewer facts than this.
MOST_PRINTED = 2000
KINDS = {
    Kind.ATTENDANCE: _l("Attendance"),
    Kind.LEARNING: _l("Assessment and skills"),
    Kind.DECISION: _l("Decisions"),
    Kind.ROSTER: _l("Rosters"),
    Kind.RELEASE: _l("Releases"),
    Kind.BADGE: _l("Badges"),
    Kind.IDENTITY: _l("Record and merges"),
    Kind.CERTIFICATE: _l("Certificates"),
}


@blueprint.get("/workers/<uuid:worker_id>/timeline")
@roles(*READERS)
def timeline(worker_id: UUID) -> ResponseReturnValue:
    """Every fact about one worker across all cohorts, the latest first, as far as one may see it."""
    sight = _sight(worker_id)
    chosen = request.args.get("kind", "")
    kinds = [Kind(chosen)] if chosen in sight.kinds else []
    facts, group = timeline_of(sight, kinds)
    whole = "all" in request.args
    return render_template(
        "timelines/timeline.html",
        worker=sight.worker,
        sight=sight,
        page=page_of_rows(facts, MOST_PRINTED if whole else PER_PAGE),
        whole=whole,
        filters=_filters(sight, kinds[0] if kinds else None),
        signed=partial(signed_words, group.skills(), language=language()),
        everything=url_with(all=1, page=None),
    )


@blueprint.get("/workers/<uuid:worker_id>/timeline/frames/<int:frame_id>")
@roles(Role.COORDINATOR)
def frame(worker_id: UUID, frame_id: int) -> ResponseReturnValue:
    """The bytes behind one record of a worker, exactly as they came."""
    found = load(frame_seen(_sight(worker_id), frame_id))
    return Response(
        bytes(found.raw),
        mimetype="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="frame-{found.id}.bin"',
            "Cache-Control": "no-store",
        },
    )


def _sight(worker_id: UUID) -> Sight:
    found = sight_of(current_actor(), worker_id)
    if found is None:
        abort(404)
    return found


def _filters(sight: Sight, chosen: Kind | None) -> list[dict[str, Any]]:
    seen = [(kind, label) for kind, label in KINDS.items() if kind in sight.kinds]
    return [{"label": _("Everything"), "url": url_with(kind=None, page=None), "current": chosen is None}] + [
        {"label": label, "url": url_with(kind=kind.value, page=None), "current": kind is chosen}
        for kind, label in seen
    ]
