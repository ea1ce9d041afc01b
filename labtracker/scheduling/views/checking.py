"""What would be in the way if something lay somewhere else: the board asks while it is still held in hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.extensions import db
from labtracker.fleet.queries import may_teach
from labtracker.kit.time import local_day, utc_now
from labtracker.labs.models import Lab
from labtracker.labs.queries import active_labs, labs_hosting
from labtracker.scheduling import queries
from labtracker.scheduling.models import BookingRequest, Deployment
from labtracker.scheduling.queries.board import troubles_of
from labtracker.scheduling.queries.moving import free_among
from labtracker.scheduling.queries.openings import openings_in_windows
from labtracker.scheduling.queries.proposals import Proposal
from labtracker.scheduling.queries.ways_out import MOST_WAYS
from labtracker.scheduling.rules.conflicts import Conflict, WayOut, WayOutKind
from labtracker.scheduling.rules.states import WAITING
from labtracker.scheduling.views.blueprint import blueprint, load_booking, load_deployment
from labtracker.scheduling.views.board import frame_from_request
from labtracker.scheduling.views.board_drawing import outline
from labtracker.scheduling.wording import day_words
from labtracker.scheduling.wording.conflicts import conflict_words, way_out_words
from labtracker.scheduling.wording.openings import opening_days, opening_words_for_staff
from labtracker.web.edge import load_all
from labtracker.web.filters import date_from_request, id_from_request
from labtracker.web.language import language


@dataclass(frozen=True)
class Target:
    """Where something is to lie: with which lab and people, from which day on."""

    lab: Lab | None
    first_on: date | None
    trainers: Sequence[Person] | None


def target_from_request() -> Target:
    """The place that the address names; what it does not name is not there."""
    lab_id, wanted = id_from_request("to_lab"), request.args.getlist("trainers", type=UUID)
    lab = db.session.get(Lab, lab_id) if lab_id else None
    return Target(lab, date_from_request("first_on"), people_named(wanted) if wanted else None)


def people_named(ids: Sequence[UUID]) -> list[Person]:
    """People by their ids, in that order."""
    found = {one.id: one for one in db.session.scalars(sa.select(Person).where(Person.id.in_(ids))).unique()}
    return [found[one] for one in ids if one in found]


@blueprint.get("/board/check")
@roles(Role.COORDINATOR)
def board_check() -> ResponseReturnValue:
    """As JSON: what would come of a deployment or a waiting request there; nothing is changed."""
    deployment_id, booking_id = id_from_request("deployment"), id_from_request("booking")
    if deployment_id is not None:
        return jsonify(_check_of_deployment(load_deployment(deployment_id)))
    if booking_id is None:
        abort(404)
    return jsonify(_check_of_booking(load_booking(booking_id)))


@blueprint.get("/board/troubles")
@roles(Role.COORDINATOR)
def board_troubles() -> ResponseReturnValue:
    """As JSON: which deployments of these weeks cannot be as they stand (a lab broke down), and why."""
    frame = frame_from_request()
    found = troubles_of(current_actor(), frame.starts_at, frame.ends_at, utc_now())
    troubles = [
        {
            "id": str(one.id),
            "title": f"{one.worksite.name}, {one.worksite.city}",
            "lab": one.lab.name,
            "messages": [conflict_words(why, one.worksite.zone) for why in conflicts],
        }
        for one, conflicts in found
    ]
    return jsonify({"ok": True, "troubles": troubles})


def _check_of_deployment(found: Deployment) -> dict[str, Any]:
    now, target, rows = utc_now(), target_from_request(), queries.standing_sessions(found)
    title = f"{found.worksite.name}, {found.worksite.city}"
    url = url_for("scheduling.deployment", deployment_id=found.id)
    subject = {
        "kind": "deployment",
        "id": str(found.id),
        "version": found.version,
        "title": title,
        "url": url,
    }
    if not rows or queries.has_begun(rows, now):
        return {
            "ok": True,
            "subject": subject,
            "fixed": _("Training has begun here; what was held stays where it was."),
        }
    proposal = queries.propose_move(
        found, rows, now, lab=target.lab, first_on=target.first_on, trainers=target.trainers
    )
    standing = proposal.visit.standing
    assert standing is not None
    stands = {
        "lab": str(found.lab_id),
        "first_on": standing.first_on.isoformat(),
        "trainers": [str(one.id) for one in standing.crew],
    }
    return {
        "ok": True,
        "subject": {**subject, **_about(proposal), "stands": stands},
        **described(proposal),
    }


def _check_of_booking(found: BookingRequest) -> dict[str, Any]:
    if found.status not in WAITING:
        abort(404)
    proposal = propose_placing(found, target_from_request())
    subject = {
        "kind": "booking",
        "id": str(found.id),
        "version": found.version,
        "title": found.employer.name,
        "url": url_for("scheduling.booking", booking_id=found.id),
    }
    told = described(proposal)
    if proposal.blocked and not any(one["ways_out"] for one in told["conflicts"]):
        # Several things at once: no single change helps, an opening changes all of them together.
        first = next(one for one in told["conflicts"] if one["blocks"])
        first["ways_out"] = _openings_for(proposal.visit)
    return {"ok": True, "subject": {**subject, **_about(proposal)}, **told}


def _openings_for(visit: queries.Visit) -> list[dict[str, Any]]:
    found = openings_in_windows(visit, local_day(utc_now(), visit.worksite.zone)).found
    return [
        {
            "kind": "opening",
            "message": f"{opening_days(one)}: {opening_words_for_staff(one)}",
            "target": {
                "lab": str(one.lab.id),
                "first_on": one.first_on.isoformat(),
                "trainers": [str(one.trainer.id)],
            },
        }
        for one in found[:MOST_WAYS]
    ]


def propose_placing(booking: BookingRequest, target: Target) -> Proposal:
    """A waiting request at a place; what the place leaves open is suggested."""
    visit = queries.visit_of(booking)
    today = local_day(utc_now(), visit.worksite.zone)
    lab, first_on, trainers = target.lab, target.first_on, target.trainers
    if lab is None or first_on is None:
        opening = next(iter(openings_in_windows(visit, today).found), None)
        if opening is not None:
            lab = lab or db.session.get_one(Lab, opening.lab.id)
            first_on = first_on or opening.first_on
    lab = lab or next(iter(load_all(labs_hosting(visit.course)) or load_all(active_labs())), None)
    first_on = first_on or queries.first_day_to_try(visit, today)
    if lab is None:
        abort(404)
    bare = queries.propose(visit, lab=lab, trainers=(), first_on=first_on, ways_out=False)
    return queries.propose(
        visit, lab=lab, trainers=trainers or _first_free(bare), first_on=first_on, not_before=today
    )


def _first_free(proposal: Proposal) -> list[Person]:
    """The first trainer of the course who is free for all of it, else the first of all."""
    trainers = queries.active_trainers()
    people = load_all(trainers.where(may_teach(proposal.visit.course.id))) or load_all(trainers)
    free = free_among(proposal, people)
    return [next((one for one in people if one.id in free), people[0])] if people else []


def _about(proposal: Proposal) -> dict[str, Any]:
    """What somebody who moves it wants to see of it."""
    visit = proposal.visit
    courses = ", ".join(one.title_in(language()) for one in visit.courses)
    heads = ngettext("%(num)s worker", "%(num)s workers", visit.headcount)
    return {"lines": [courses, heads], "weekdays": sorted(visit.pattern.weekdays)}


def described(proposal: Proposal) -> dict[str, Any]:
    """A proposal as the board's script takes it: where it would lie, what is in the way, what would work."""
    zone, sessions = proposal.visit.worksite.zone, proposal.timetable.sessions
    first_on = sessions[0].day if sessions else proposal.first_on
    chosen = {one.id for one in proposal.trainers}
    people = load_all(queries.active_trainers())
    free = free_among(proposal, people)
    conflicts = [_conflict(proposal, conflict, zone) for conflict in proposal.conflicts]
    return {
        "target": target_as_dict(proposal),
        "lab_name": proposal.lab.name,
        "days": [first_on.isoformat(), proposal.last_on.isoformat()],
        "when": f"{day_words(first_on)} – {day_words(proposal.last_on)}",
        "outline": asdict(outline(proposal.stay, frame_from_request())) if proposal.stay else None,
        "trainers": [
            {"id": str(one.id), "name": one.name, "free": one.id in free, "chosen": one.id in chosen}
            for one in people
        ],
        "conflicts": conflicts,
        "blocked": proposal.blocked,
        "says": says(proposal, first_on),
    }


def says(proposal: Proposal, first_on: date) -> str:
    """Place and conflicts in one breath, for somebody who listens."""
    zone = proposal.visit.worksite.zone
    place = _("%(lab)s, from %(day)s.", lab=proposal.lab.name, day=day_words(first_on))
    if not proposal.conflicts:
        return f"{place} {_('Nothing stands in the way.')}"
    return " ".join([place, *(conflict_words(one, zone) for one in proposal.conflicts)])


def target_as_dict(proposal: Proposal) -> dict[str, Any]:
    """Where a proposal lies, by ids and ISO days."""
    return {
        "lab": str(proposal.lab.id),
        "first_on": proposal.first_on.isoformat(),
        "trainers": [str(one.id) for one in proposal.trainers],
    }


def target_of(proposal: Proposal, way: WayOut) -> dict[str, Any] | None:
    """Where it would lie with a way out taken; nothing where that is settled elsewhere."""
    target = target_as_dict(proposal)
    if way.kind is WayOutKind.OTHER_DAY and way.first_on is not None:
        return {**target, "first_on": way.first_on.isoformat()}
    if way.party is None or way.kind in (WayOutKind.OTHER_DRIVER, WayOutKind.OTHER_VEHICLE):
        return None
    if way.kind is WayOutKind.OTHER_LAB:
        return {**target, "lab": str(way.party.id)}
    gone = str(way.replaces.id) if way.replaces else None
    if gone not in target["trainers"]:
        return None
    return {
        **target,
        "trainers": [str(way.party.id) if one == gone else one for one in target["trainers"]],
    }


def as_lines(
    conflicts: Iterable[Conflict], zone: str, url_of: Callable[[WayOut], str]
) -> list[dict[str, Any]]:
    """Conflicts as a page lists them: in words, with where each way out leads."""
    return [
        {
            "words": conflict_words(conflict, zone),
            "blocks": conflict.blocks,
            "ways": [{"words": way_out_words(way), "url": url_of(way)} for way in conflict.ways_out],
        }
        for conflict in conflicts
    ]


def _conflict(proposal: Proposal, conflict: Conflict, zone: str) -> dict[str, Any]:
    return {
        "kind": conflict.kind.value,
        "blocks": conflict.blocks,
        "message": conflict_words(conflict, zone),
        "ways_out": [
            {"kind": way.kind.value, "message": way_out_words(way), "target": target_of(proposal, way)}
            for way in conflict.ways_out
        ],
    }
