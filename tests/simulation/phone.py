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
    alive: bool = True
    wall_ahead: int = 0
    booted_at: int = 0
    boots: int = 0
    slept: int = 0
    snapshots: int = 0
    # Hashes of records that the screen has confirmed, and of those that went down with the phone's storage.
    confirmed: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone_down: set[str] = field(default_factory=set)

    def do(self, does: str, now: int, **more: Any) -> Any:
        """Have the phone do something at the world's time ``now``."""
        clocks = {"wall": now + self.wall_ahead, "mono": now - self.booted_at - self.slept}
        return self.host.call(does, phone=self.number, **clocks, **more)

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
        """The hashes of all records that are on its disk."""
        return set(self.do("holds", now)["hashes"])

    def owes(self) -> set[str]:
        """Confirmed records that must be on the phone or in both backups."""
        return self.confirmed.keys() - self.gone_down
