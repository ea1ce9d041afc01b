"""What the world knows of one simulated phone: its clocks, and what its screen has said yes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.simulation.host import Host


@dataclass
class Phone:
    """One phone as the world sees it. Times are milliseconds."""

    number: int
    host: Host
    trainer: str = ""
    token: str = ""
    device: str = ""
    alive: bool = True
    wall_ahead: int = 0
    booted_at: int = 0
    boots: int = 0
    slept: int = 0
    snapshots: int = 0
    destroyed: bool = False
    # Hashes of records that the screen has confirmed, and of those that went down with a phone's storage.
    confirmed: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone_down: set[str] = field(default_factory=set)
    # Hashes of what it took over from other phones, as those had it.
    took: set[str] = field(default_factory=set)
    # What its disk holds; None once it has done something since anybody looked.
    _looked: dict[str, Any] | None = None

    def do(self, does: str, now: int, **more: Any) -> Any:
        """Have the phone do something at the world's time ``now``."""
        clocks = {"wall": now + self.wall_ahead, "mono": now - self.booted_at - self.slept}
        told = self.host.call(does, phone=self.number, **clocks, **more)
        self._looked = None
        return told

    def boot(self, now: int) -> None:
        """Load the page anew; the monotonic clock begins again."""
        self.boots += 1
        self.booted_at, self.slept, self.alive = now, 0, True
        self.do("boot", now, boot=f"boot-{self.boots}")

    def record(self, does: str, now: int, **more: Any) -> int:
        """Have something recorded, and remember what the screen said yes to; gives how many records."""
        told = self.do(does, now, **more)
        for fact in told.get("facts", ()):
            self.confirmed[fact["hash"]] = fact
        return len(told.get("facts", ()))

    def holds(self, now: int) -> set[str]:
        """The hashes of its own records that are on its disk."""
        return self._look(now)["hashes"]

    def carries(self, now: int) -> set[str]:
        """The hashes of the other phones' records that are on its disk."""
        return self._look(now)["carried"]

    def _look(self, now: int) -> dict[str, set[str]]:
        if self.destroyed:
            return {"hashes": set(), "carried": set()}
        if self._looked is None:
            self._looked = {name: set(found) for name, found in self.do("holds", now).items()}
        return self._looked

    def owes(self) -> set[str]:
        """Confirmed records that must be on the phone, on one that carries them, or in both backups."""
        return self.confirmed.keys() - self.gone_down
