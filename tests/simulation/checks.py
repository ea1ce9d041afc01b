"""What must hold in every simulated world. Each check gives sentences about what did not."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

from labtracker.checkin.rules.frames import to_base64url
from tests.simulation.handing import carried_anywhere
from tests.simulation.host import Ask
from tests.simulation.office import Office

if TYPE_CHECKING:
    from tests.simulation.world import World

KEPT = {"stored", "duplicate", "quarantined", "conflict", "fork"}


def nothing_confirmed_is_lost(world: World) -> list[str]:
    """Property 1: what a screen confirmed is on its phone, or in each of the newest two backups.

    Where the phone is destroyed, another that carries it will do. Nobody drops what they took over.
    """
    safe = world.office.in_both_backups()
    found = []
    for phone in world.phones:
        here = carried_anywhere(world) if phone.destroyed else phone.holds(world.now)
        missing = phone.owes() - here - safe
        if missing:
            kinds = sorted(phone.confirmed[one]["type"] for one in missing)
            found.append(
                f"phone {phone.number} no longer holds {kinds}, which two backups do not hold either"
            )
        dropped = phone.took - phone.carries(world.now) - safe
        if dropped:
            found.append(f"phone {phone.number} no longer carries {len(dropped)} records that it took over")
    return found


def answer_claims_what_is_committed(office: Office, answer: dict[str, Any]) -> list[str]:
    """Property 2: no answer says of anything that it is kept which is not on the server's disk."""
    held = office.holds()
    claimed = {result["hash"] for result in answer["results"] if result["verdict"] in KEPT}
    if answer["have"]["seq"]:
        claimed.add(answer["have"]["hash"])
    missing = claimed - held
    return [f"the server says that it holds {len(missing)} records which it does not hold"] if missing else []


def everybody_agrees(world: World) -> list[str]:
    """Properties 3, 4, 6 and 7, once the faults have stopped."""
    found = [*_all_arrived(world), *_rosters_equal(world), *_forgeries_count_for_nobody(world)]
    found += world.office.forks_without_flags()
    projection = world.office.projection()
    if world.office.rebuilt_projection() != projection:
        found.append("rebuilt events or attendance differ from those kept up to date")
    if world.seed % 4 == 0:
        found += _order_does_not_matter(world, projection[1])
    return found


def _all_arrived(world: World) -> list[str]:
    held, found = world.office.holds(), []
    for phone in world.phones:
        missing = phone.owes() - held
        if missing:
            found.append(f"{len(missing)} confirmed records of phone {phone.number} never reached the server")
        unsent = phone.carries(world.now) - held
        if unsent:
            found.append(f"phone {phone.number} never brought {len(unsent)} records that it carries")
    return found + waiting_anywhere(world)


def waiting_anywhere(world: World) -> list[str]:
    """Records that phones still keep because the office has not, or has not safely, got them.

    What came without proof stays with its carrier until a coordinator has decided.
    """
    found = []
    for phone in world.standing():
        waiting = phone.holds(world.now) | (phone.carries(world.now) - world.unproved)
        if waiting:
            found.append(f"phone {phone.number} still keeps {len(waiting)} records")
    return found


def _forgeries_count_for_nobody(world: World) -> list[str]:
    """What one phone made in another's name is kept, set aside, and nowhere counted."""
    told = world.office.told_of(world.forged)
    wrong = [row for row in told if row != (False, "quarantined", "unproved_relay", None)]
    return [f"a forged record is held as {row}" for row in wrong]


def _rosters_equal(world: World) -> list[str]:
    found = []
    for phone in world.standing():
        pack = phone.do("pack", world.now)
        seen = {
            "sessions": {row["id"] for row in pack["sessions"]},
            "cohorts": {row["id"] for row in pack["cohorts"]},
            "enrollments": {f"{row['id']} {row['status']}" for row in pack["enrollments"]},
        }
        office = world.office.roster_of(phone.trainer)
        # Sessions that ended stay on the phone for a while.
        if not office["sessions"] <= seen["sessions"]:
            found.append(f"phone {phone.number} lacks sessions that are its trainer's")
        for kind in ("cohorts", "enrollments"):
            if not office[kind] <= seen[kind]:
                found.append(f"phone {phone.number} has other {kind} than its trainer's")
    return found


def _order_does_not_matter(world: World, attendance: list[Any]) -> list[str]:
    """Everything arrives again, shuffled and partly twice or carried, at a server that has seen nothing."""
    chance = random.Random(world.seed)
    frames = world.office.frames()
    deliveries = _carried_again(world, {frame[3] for frame in frames})
    frames += chance.sample(frames, len(frames) // 3)
    chance.shuffle(frames)
    tokens = {phone.device: phone.token for phone in world.phones}
    while frames:
        device, incarnation = frames[0][:2]
        batch = [frame for frame in frames[:9] if frame[:2] == (device, incarnation)]
        frames = [frame for frame in frames[:9] if frame not in batch] + frames[9:]
        items = [{"seq": seq, "hash": found, "frame": to_base64url(raw)} for _d, _i, seq, found, raw in batch]
        body = json.dumps({"device": device, "incarnation": incarnation, "items": items})
        headers = {"authorization": tokens[device], "content-type": "application/json"}
        deliveries.append(Ask(0, "/api/v1/events", "POST", headers, body))
    chance.shuffle(deliveries)
    world.office.forget_records()
    for delivery in deliveries:
        reply = world.office.answer(delivery, delivery.body)
        if reply is None or reply.status != 200:
            return [f"the same records in another order are answered {reply}"]
    if world.office.projection()[1] != attendance:
        return ["the same records in another order give another attendance"]
    return []


def _carried_again(world: World, chained: set[str]) -> list[Ask]:
    """Uploads of phones for others, as they were sent, save those of records that went down with a disk."""
    return [
        ask
        for ask in world.wire.relayed
        if {item["hash"] for item in json.loads(ask.body or "")["items"]} <= chained | world.unproved
    ]
