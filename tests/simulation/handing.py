"""Records go from phone to phone, honestly or not, and phones are destroyed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.simulation.phone import Phone

if TYPE_CHECKING:
    from tests.simulation.world import World

# What may be wrong with a parcel; most often nothing is.
WAYS = ("whole", "whole", "whole", "whole", "without a seal", "forged", "cut off")


def hand_over(world: World, giver: Phone) -> None:
    """A phone gives all it has to another one; often because its own days are numbered."""
    others = [phone for phone in world.standing() if phone is not giver and phone.alive]
    if not others:
        return
    taker = world.chance.choice(others)
    way = world.chance.choice(WAYS)
    world.result.faults[f"parcel {way}"] += 1
    if way == "forged":
        _forge(world, giver, taker)
        return
    told = giver.do("give", world.now, codes=world.chance.random() < 0.5)
    text = told["text"]
    if way == "cut off":
        text = text[: world.chance.randrange(len(text))]
    elif way == "without a seal":
        text = _without_seals(text)
        world.unproved |= set(told["hashes"])
    if taker.do("take", world.now, text=text)["taken"]:
        if way == "cut off":
            world.check([f"phone {taker.number} said yes to half a parcel"])
        taker.took |= set(told["hashes"])
    if way == "whole" and world.chance.random() < 0.4:
        destroy(world, giver)


def destroy(world: World, phone: Phone) -> None:
    """A phone is gone for good; what nobody else has goes down with it."""
    if len(world.standing()) == 1:
        return
    world.result.faults["phone destroyed"] += 1
    phone.destroyed = True
    phone.took.clear()
    mourn(world)


def mourn(world: World) -> None:
    """Strike what went down with a disk off the list of what destroyed phones' carriers must have."""
    found_elsewhere = carried_anywhere(world) | world.office.in_both_backups()
    for phone in world.phones:
        if phone.destroyed:
            phone.gone_down |= phone.owes() - found_elsewhere


def carried_anywhere(world: World) -> set[str]:
    """The hashes of all records that some phone carries for another one."""
    return set().union(*(phone.carries(world.now) for phone in world.standing()))


def _forge(world: World, forger: Phone, taker: Phone) -> None:
    victim = world.chance.choice([phone for phone in world.phones if phone is not forger])
    told = forger.do("forge", world.now, end=victim.do("chainEnd", world.now))
    if told["text"] and taker.do("take", world.now, text=told["text"])["taken"]:
        taker.took |= set(told["hashes"])
        world.forged |= set(told["hashes"])
        world.unproved |= set(told["hashes"])


def _without_seals(text: str) -> str:
    bundle = json.loads(text)
    for upload in bundle["uploads"]:
        upload.pop("seal", None)
    return json.dumps(bundle)
