"""To whom a link may go and for how long it works; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Channel(StrEnum):
    """How a link reaches the worker: by mail, asked for or with a certificate, or by somebody's hand."""

    MAIL = "mail"
    CERTIFICATE = "certificate"
    HAND = "hand"


class Obstacle(StrEnum):
    """Why no link is mailed to the address that the roster has."""

    NO_MAIL = "no_mail"
    SHARED = "shared"
    EMPLOYERS = "employers"
    CHANGED = "changed"
    ARCHIVED = "archived"


LINK_LIFETIMES = {
    Channel.MAIL: timedelta(hours=1),
    Channel.CERTIFICATE: timedelta(days=7),
    Channel.HAND: timedelta(days=1),
}
# How long a page stays open in a browser: on a borrowed phone or a shared desk; on the worker's own.
VISIT = timedelta(hours=1)
VISIT_ON_OWN_PHONE = timedelta(days=30)
# What became of a link and of a visit is looked at no more after this.
KEPT = timedelta(days=30)
# Whoever waits longer for a worker to run hears of the certificate by other ways.
NEWS = timedelta(days=3)


@dataclass(frozen=True)
class Reached:
    """What is known of a worker's mail: the address, who else has its mailbox, and if it is known."""

    email: str | None
    archived: bool = False
    others_with_it: int = 0
    is_an_employers: bool = False
    is_the_known_one: bool = True


def mailbox_of(email: str) -> tuple[str, str]:
    """The name and the domain of the mailbox: what stands behind a plus is only its owner's own label."""
    name, _at, domain = email.rpartition("@")
    return name.partition("+")[0], domain


def obstacle_to_mail(reached: Reached) -> Obstacle | None:
    """Why no link may be mailed; None where it may.

    An address counts as the worker's own when nobody else on any roster has it and nobody signs in with it
    for an employer. Once it was used, or the employer has changed it, another needs somebody of the college.
    """
    if reached.email is None:
        return Obstacle.NO_MAIL
    if reached.archived:
        return Obstacle.ARCHIVED
    if reached.is_an_employers:
        return Obstacle.EMPLOYERS
    if reached.others_with_it:
        return Obstacle.SHARED
    return None if reached.is_the_known_one else Obstacle.CHANGED


def visit_ends_at(now: datetime, *, on_own_phone: bool) -> datetime:
    """Until when a page that is opened now stays open in that browser."""
    return now + (VISIT_ON_OWN_PHONE if on_own_phone else VISIT)


def may_still_look(*, archived: bool, merged: bool, mailed_to: str | None, mail_now: str | None) -> bool:
    """Whether a link, or a page that it opened, is still the worker's.

    What came by mail is the address's, so it ends when the worker has another one, or has left the employer
    whose mailbox it may be. What was handed over in person stays. ``mailed_to`` and ``mail_now`` are
    fingerprints; ``mailed_to`` is None for what was handed over.
    """
    if merged:
        return False
    return mailed_to is None or (not archived and mailed_to == mail_now)
