"""One simulated world: phones, a server, what goes wrong between them, and what must hold all the same.

The properties are those of ``docs/check-in.md``. A world is decided by its seed alone.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from labtracker.kit.time import to_ms
from tests.simulation import checks, handing
from tests.simulation.host import Host
from tests.simulation.office import DAWN, Office
from tests.simulation.phone import Phone
from tests.simulation.wire import Wire

DAY_MS = 24 * 3600 * 1000
CREW_CHANGES = 0.25
MOST_ROUNDS = 5


@dataclass
class Result:
    """What a world came to."""

    seed: int
    events: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)


class World:
    """A seed's world, from dawn to the last check."""

    def __init__(self, seed: int, host: Host, office: Office, steps: int = 60) -> None:
        self.seed, self.host, self.office, self.steps = seed, host, office, steps
        self.chance = random.Random(seed)
        self.result = Result(seed)
        self.now = to_ms(DAWN) - 30 * 60_000
        self.phones: list[Phone] = []
        # Hashes of records that went on without proof of who made them, and of those nobody made.
        self.unproved: set[str] = set()
        self.forged: set[str] = set()
        self.wire = Wire(self)

    def run(self) -> Result:
        """Live through the seed; stops at the first violation."""
        self.office.begin(self.seed)
        self.host.wire = self.wire.carry
        number = self.chance.choice((1, 2, 2, 3, 3))
        self.host.call("begin", seed=self.seed, phones=number)
        with self.office.in_its_world():
            for index in range(number):
                self._pair(index)
            if self.live():
                self._heal()
        return self._ended()

    def live(self) -> bool:
        """What happens while anything may go wrong; false once something did not hold."""
        for _step in range(self.steps):
            self.tick()
            self._step()
            self.check(checks.nothing_confirmed_is_lost(self))
            if self.result.violations:
                return False
        return True

    def _ended(self) -> Result:
        self.result.events = sum(len(phone.confirmed) for phone in self.phones)
        return self.result

    def check(self, found: list[str]) -> None:
        """Note what did not hold."""
        self.result.violations += found

    def tick(self) -> None:
        """Time passes, seconds or hours."""
        pause = self.chance.choice((5, 20, 60, 130, 600, 1800, 4 * 3600)) * 1000
        self.now += self.chance.randrange(1000, pause + 1000)
        self.office.now = DAWN + timedelta(milliseconds=self.now - to_ms(DAWN))

    def _pair(self, index: int) -> None:
        self.tick()
        phone = Phone(index, self.host, self.office.cast.trainers[index % 2])
        self.phones.append(phone)
        phone.boot(self.now)
        paired = phone.do("pair", self.now, code=self.office.pairing_code(phone.trainer))
        assert paired["ok"], paired
        phone.device = phone.do("chainEnd", self.now)["device"]
        self.wire.badness = self.chance.choice((0, 0.5))
        self.talk(phone, thorough=False)
        self.wire.badness = 0

    # --- What happens ---

    def standing(self) -> list[Phone]:
        """The phones that are not destroyed."""
        return [phone for phone in self.phones if not phone.destroyed]

    def _step(self) -> None:
        phone = self.chance.choice(self.standing())
        if not phone.alive:
            phone.boot(self.now)
            return
        happenings: list[tuple[int, Callable[[Phone], None]]] = [
            (40, self.record),
            (22, self._sync),
            (4, self.reload),
            (4, self._snapshot),
            (2, self._roll_back),
            (3, self.jump),
            (4, self._change),
            (6, self._back_up),
            (3, self._deliver_late),
            (3, self._lose_disk),
            (6, self._hand_over),
            (1, self._destroy),
        ]
        weights, deeds = zip(*happenings, strict=True)
        self.chance.choices(deeds, weights)[0](phone)

    def record(self, phone: Phone) -> None:
        """A trainer scans, undoes, opens, closes or adds somebody on this phone."""
        cast, by = self.office.cast, phone.trainer
        card = self.chance.choice((None, *cast.sessions))
        roll = self.chance.random()
        if roll < 0.72:
            text = self.chance.choice((*cast.badges, f"HTTPS://127.0.0.1:8000/B/{'7' * 26}"))
            direction = self.chance.choice(("in", "in", "out"))
            phone.record("scan", self.now, text=text, direction=direction, card=card, by=by)
        elif roll < 0.82 and phone.confirmed:
            wrong = self.chance.choice(list(phone.confirmed))
            phone.record("undo", self.now, hash=wrong, by=by)
        elif roll < 0.90:
            kind = self.chance.choice(("session_open", "session_close", "session_reopen"))
            phone.record("note", self.now, kind=kind, session=self.chance.choice(cast.sessions), by=by)
        elif roll < 0.96:
            name = f"Guest {self.chance.randrange(4)}"
            phone.record("walkIn", self.now, name=name, by=by, card=card)
        else:
            self.result.faults["unknown version"] += 1
            phone.record("future", self.now, by=by)

    def _sync(self, phone: Phone) -> None:
        self.wire.badness = self.chance.choice((0, 0, 0.3, 0.7))
        self.talk(phone, thorough=self.chance.random() < 0.3)
        self.wire.badness = 0

    def talk(self, phone: Phone, *, thorough: bool) -> None:
        """A phone sends what it has and carries, and fetches its roster, as far as the wire lets it."""
        for does, how in (("push", {"thorough": thorough}), ("relay", {"thorough": thorough}), ("pull", {})):
            if not phone.alive:
                return
            told = phone.do(does, self.now, **how)
            if told.get("died"):
                phone.alive = False

    def reload(self, phone: Phone) -> None:
        """The page is loaded anew."""
        self.result.faults["reload"] += 1
        phone.boot(self.now)

    def _snapshot(self, phone: Phone) -> None:
        phone.snapshots = phone.do("snapshot", self.now)["snapshots"]

    def _roll_back(self, phone: Phone) -> None:
        if not phone.snapshots:
            return
        self.result.faults["storage rolled back"] += 1
        phone.do("rollBack", self.now, snapshot=self.chance.randrange(phone.snapshots))
        phone.boot(self.now)
        safe = self.office.in_both_backups()
        phone.gone_down |= phone.owes() - phone.holds(self.now) - safe
        phone.took &= phone.carries(self.now) | safe
        handing.mourn(self)

    def jump(self, phone: Phone) -> None:
        """The phone sleeps, or somebody sets its clock."""
        self.result.faults["clock jump"] += 1
        if self.chance.random() < 0.3:
            phone.slept += self.chance.randrange(1000, 3_600_000)
        else:
            phone.wall_ahead = self.chance.choice((0, -3 * DAY_MS, 5 * DAY_MS, 61_000, -59_000))

    def _change(self, _phone: Phone) -> None:
        if self.chance.random() < CREW_CHANGES:
            self.office.change_crew()
        else:
            self.office.change_roster(self.chance.randrange(len(self.office.cast.enrollments)))

    def _back_up(self, _phone: Phone) -> None:
        self.office.back_up()

    def _deliver_late(self, _phone: Phone) -> None:
        self.wire.deliver_late()

    def _lose_disk(self, _phone: Phone) -> None:
        backups = self.office.counted()
        if len(backups) < 2:
            return
        self.result.faults["server's disk lost"] += 1
        which = self.chance.randrange(2)
        self.result.faults["restored from the older backup"] += which
        self.office.lose_disk(backups[which])

    def _hand_over(self, phone: Phone) -> None:
        handing.hand_over(self, phone)

    def _destroy(self, phone: Phone) -> None:
        handing.destroy(self, phone)

    # --- Afterwards ---

    def _heal(self) -> None:
        """The faults stop: within a few rounds everybody agrees."""
        for _round in range(MOST_ROUNDS):
            self.tick()
            for phone in self.standing():
                if not phone.alive:
                    phone.boot(self.now)
                self.talk(phone, thorough=True)
            self.check(checks.nothing_confirmed_is_lost(self))
            if not checks.waiting_anywhere(self):
                break
            self.office.back_up()
        self.check(checks.everybody_agrees(self))
