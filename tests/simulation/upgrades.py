"""Worlds in which versions change: the office reads what it could not read, an app is taken back.

Pages die here, besides, just before and just after they have saved something.
"""

from __future__ import annotations

from contextlib import ExitStack
from unittest import mock

from labtracker.backups import running
from labtracker.checkin import bodies
from labtracker.cli import restoring
from tests.simulation.phone import Phone
from tests.simulation.world import Result, World

OFTEN = 0.15


class _AnyVersion(int):
    """The version of a server that reads every version there is."""

    __hash__ = int.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int)

    def __ne__(self, other: object) -> bool:
        return not self == other


class WorldOfUpgrades(World):
    """A world as any other, whose programs do not stay the same."""

    def run(self) -> Result:
        """Live through the seed; in the end the office forgets what it has learned."""
        with ExitStack() as self.learned:
            self.is_upgraded = False
            return super().run()

    def _step(self) -> None:
        phone = self.chance.choice(self.standing())
        if not phone.alive or self.chance.random() > OFTEN:
            super()._step()
            return
        self.chance.choice((self._upgrade_office, self._take_back, self._die_before, self._die_after))(phone)

    def _upgrade_office(self, _phone: Phone) -> None:
        """The office's server is replaced by one that reads what the phones' later versions write."""
        self.result.faults["server upgraded"] += 1
        if not self.is_upgraded:
            self.is_upgraded = True
            known = bodies.TYPES | {"hologram"}
            self.learned.enter_context(mock.patch.object(bodies, "TYPES", known))
            self.learned.enter_context(mock.patch.object(bodies, "VERSION", _AnyVersion(bodies.VERSION)))
            # A backup of the version before is worked out anew where it is brought back.
            for module in (running, restoring):
                self.learned.enter_context(mock.patch.object(module, "__version__", "upgraded"))
        self.office.restart()
        told = self.office.told_of(self._from_later_versions() & self.office.holds())
        if any(event is None for in_chain, _verdict, _code, event in told if in_chain):
            self.check(["what could not be read before the server's upgrade is not read after it"])

    def _from_later_versions(self) -> set[str]:
        return {
            found
            for phone in self.phones
            for found, fact in phone.confirmed.items()
            if fact["type"] == "hologram"
        }

    def _take_back(self, phone: Phone) -> None:
        """A later version of the client opens the phone's disk once, and is taken back."""
        self.result.faults["app upgraded and taken back"] += 1
        phone.do("laterVersion", self.now)
        phone.boot(self.now)

    def _die_before(self, phone: Phone) -> None:
        self.result.faults["page dies before saving"] += 1
        badge = self.chance.choice(self.office.cast.badges)
        phone.record("scanTooLate", self.now, text=badge, by=phone.trainer)
        phone.boot(self.now)

    def _die_after(self, phone: Phone) -> None:
        self.result.faults["page dies after saving"] += 1
        badge = self.chance.choice(self.office.cast.badges)
        # The world is not told: nobody saw the screen say yes.
        phone.do("scan", self.now, text=badge, direction="in", card=None, by=phone.trainer)
        phone.boot(self.now)


def kind_of(seed: int) -> type[World]:
    """Which kind of world a seed is of: one in ten sees upgrades."""
    return WorldOfUpgrades if seed % 10 == 5 else World
