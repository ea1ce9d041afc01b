"""Many records that wait, decided about together: the groups, one group, and what came of a decision."""

from __future__ import annotations

import re
from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms.fields.choices import SelectChoice

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.checkin.forms import TogetherForm
from labtracker.checkin.models import InboxFrame
from labtracker.checkin.queries import quarantine
from labtracker.checkin.queries.quarantine_groups import (
    MOST_TOGETHER,
    Story,
    groups_of,
    last_said,
    members_of,
)
from labtracker.checkin.rules.decisions import ACCEPT, BY_ARRIVAL, BY_ORIGIN, DISMISS
from labtracker.checkin.services.deciding_many import Wanted, decide_many
from labtracker.checkin.views.client import blueprint
from labtracker.checkin.views.quarantine import load_frames
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.web.edge import commit, count_of
from labtracker.web.forms import refuse

WAITING = {"aside": quarantine.set_aside, "nobodys": quarantine.nobodys}
# A frame on the page, with the last decision about it that was seen.
SEEN = re.compile(r"([0-9]{1,18}):([0-9]{1,18})")


def _list_shown() -> str:
    shown = request.args.get("list", "aside")
    if shown not in WAITING:
        abort(404)
    return shown


@blueprint.get("/quarantine/groups")
@roles(Role.COORDINATOR)
def quarantine_groups() -> ResponseReturnValue:
    """What waits, grouped by phone, person, session and reason."""
    shown = _list_shown()
    groups = groups_of(WAITING[shown]())
    labels = {"aside": _("Set aside"), "nobodys": _("Nobody’s")}
    return render_template(
        "checkin/quarantine_groups.html",
        groups=groups,
        shown=shown,
        further=count_of(WAITING[shown]()) - sum(group.count for group in groups),
        tabs=[
            {"label": label, "url": url_for("checkin.quarantine_groups", list=key), "current": key == shown}
            for key, label in labels.items()
        ],
    )


def _story_asked() -> Story:
    try:
        phone, by, session = (
            UUID(asked) if (asked := request.args.get(name)) else None for name in ("phone", "by", "session")
        )
    except ValueError:
        abort(404)
    if phone is None:
        abort(404)
    return Story(phone, by, session, request.args.get("code") or None)


@blueprint.get("/quarantine/group")
@roles(Role.COORDINATOR)
def quarantine_group() -> ResponseReturnValue:
    """One group, to decide about all of it or about what is ticked."""
    story = _story_asked()
    entries, count = members_of(story, WAITING[_list_shown()]())
    return _page(story, entries, count, _form(story, len(entries), sent=False))


def _form(story: Story, shown: int, *, sent: bool = True) -> TogetherForm:
    form = TogetherForm() if sent else TogetherForm(formdata=None)
    form.scope.choices = [
        SelectChoice("all", ngettext("The one on this page", "All %(num)s on this page", shown)),
        SelectChoice("ticked", _("Only those that are ticked")),
    ]
    form.kind.choices = [SelectChoice(DISMISS, _("Dismiss them: they count for nobody"))]
    if story.code in (*BY_ORIGIN, *BY_ARRIVAL):
        accepting = _("Accept each as it is: in its own session, for its own worker")
        form.kind.choices.insert(0, SelectChoice(ACCEPT, accepting))
    return form


def _page(story: Story, entries: list[quarantine.Entry], count: int, form: TogetherForm) -> str:
    return render_template(
        "checkin/quarantine_group.html",
        story=story,
        entries=entries,
        count=count,
        form=form,
        shown=_list_shown(),
        seen=last_said([entry.frame for entry in entries]),
        ticked={*request.form.getlist("tick")},
    )


def _frames_sent() -> dict[InboxFrame, int]:
    """The frames that were on the page, each with the decision that was seen; 404 for what never waited."""
    sent = request.form.get("items", "").split()
    pairs = [pair for one in sent if (pair := SEEN.fullmatch(one)) is not None]
    if not len(sent) == len(pairs) <= MOST_TOGETHER:
        abort(400)
    seen = {int(pair[1]): int(pair[2]) for pair in pairs}
    found = load_frames(seen)
    return {found[number]: decision for number, decision in seen.items()}


def _chosen(frames: dict[InboxFrame, int], scope: str) -> list[Wanted]:
    """What is decided about; a tick beside "all" may be a slip, so it is asked about."""
    ticked = {*request.form.getlist("tick")}
    if scope == "all":
        if ticked and len(ticked) < len(frames):
            raise DomainError(
                "some_ticked", _("Some are ticked: choose whether only those are meant."), field="scope"
            )
        return [Wanted(frame, seen) for frame, seen in frames.items()]
    chosen = [Wanted(frame, seen) for frame, seen in frames.items() if str(frame.id) in ticked]
    if not chosen:
        raise DomainError("none_ticked", _("Tick those that are meant."), field="scope")
    return chosen


@blueprint.post("/quarantine/group")
@roles(Role.COORDINATOR)
def decide_group() -> ResponseReturnValue:
    """Decide about many frames, and say of each what came of it."""
    story, frames = _story_asked(), _frames_sent()
    form = _form(story, len(frames))
    status = 422
    if form.validate():
        try:
            told = decide_many(
                _chosen(frames, form.scope.data),
                kind=form.kind.data,
                reason=form.reason.data or "",
                actor=current_actor(),
                now=utc_now(),
            )
        except DomainError as error:
            db.session.rollback()
            refuse(form, error)
            status = error.form_status
        else:
            commit()
            return _report(list(told), story, form.kind.data)
    entries, count = members_of(story, WAITING[_list_shown()]())
    return _page(story, entries, count, form), status


def _report(told: list[Wanted], story: Story, kind: str) -> str:
    """What came of each; loading it anew decides nothing twice, since each has been seen since."""
    entries = quarantine.entries_of([one.frame for one in told])
    pairs = list(zip(told, entries, strict=True))
    return render_template(
        "checkin/quarantine_report.html",
        done=[entry for one, entry in pairs if one.problem is None],
        kept=[(one.problem, entry) for one, entry in pairs if one.problem is not None],
        kind=kind,
        story=story,
        shown=_list_shown(),
    )
