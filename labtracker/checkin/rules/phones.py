"""What about a phone worries the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# A roster this old, right before a session, misses people.
UNSEEN_FOR = timedelta(days=2)
NEAR = timedelta(days=4)

UNSEEN, MISSING, LOST, FORKED, OLD_APP, MAY_BE_CLEARED = (
    "unseen",
    "missing",
    "lost",
    "forked",
    "old_app",
    "may_be_cleared",
)


@dataclass(frozen=True, slots=True)
class PhoneSigns:
    """What is known of one phone; ``told_version`` and ``persisted`` are None while it told nothing."""

    seen_at: datetime | None = None
    next_session_at: datetime | None = None
    told_version: str | None = None
    persisted: bool | None = None
    missing: bool = False
    lost: bool = False
    forked: bool = False
    revoked: bool = False


def worries(signs: PhoneSigns, *, version: str, now: datetime) -> list[str]:
    """The codes of what needs a look, what may be lost first; ``version`` is the app that is served now."""
    found = [
        code
        for code, holds in ((MISSING, signs.missing), (LOST, signs.lost), (FORKED, signs.forked))
        if holds
    ]
    if signs.revoked:
        # Nobody takes it to a session any more.
        return found
    if is_unseen(signs, now):
        found.append(UNSEEN)
    if signs.persisted is False:
        found.append(MAY_BE_CLEARED)
    if signs.told_version is not None and signs.told_version != version:
        found.append(OLD_APP)
    return found


def is_unseen(signs: PhoneSigns, now: datetime) -> bool:
    """Whether a phone's trainers teach soon, and the phone has not been in touch for days."""
    soon = signs.next_session_at is not None and signs.next_session_at - now <= NEAR
    return soon and (signs.seen_at is None or now - signs.seen_at > UNSEEN_FOR)
