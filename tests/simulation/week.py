"""A week without signal: phones in airplane mode record every day, while the office loses its disk."""

from __future__ import annotations

from tests.simulation import checks
from tests.simulation.host import LOST, Ask, Reply
from tests.simulation.world import DAY_MS, World

DAYS = 7
A_DAY = 12


class WeekWithoutSignal(World):
    """A world whose phones hear of nobody for seven days, and then of everybody at once."""

    def live(self) -> bool:
        """Seven mornings of records, sleeping and restarted phones, and tries to send that reach nobody."""
        for phone in self.phones:
            self.talk(phone, thorough=True)
        for _twice in range(2):
            self.office.back_up()
        arrived = self.office.holds()
        self.host.wire = _nobody
        for day in range(DAYS):
            dawn = self.now
            for _number in range(A_DAY):
                self._morning()
            if day == DAYS // 2:
                self.result.faults["restored from the older backup"] += 1
                self.office.lose_disk(self.office.counted()[1])
            self.now = dawn + DAY_MS
            self.tick()
            self.office.back_up()
            self.check(checks.nothing_confirmed_is_lost(self))
        if self.office.holds() != arrived:
            self.check(["something arrived without signal"])
        self.host.wire = self.wire.carry
        return not self.result.violations

    def _morning(self) -> None:
        phone = self.chance.choice(self.phones)
        self.now += self.chance.randrange(1000, 20 * 60_000)
        self.record(phone)
        happens = self.chance.random()
        if happens < 0.1:
            self.reload(phone)
        elif happens < 0.2:
            self.jump(phone)
        elif happens < 0.4:
            self.talk(phone, thorough=False)


def _nobody(_ask: Ask) -> Reply | str:
    return LOST
