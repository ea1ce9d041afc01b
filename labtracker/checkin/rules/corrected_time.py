"""When something really happened, told from one frame alone.

A phone's wall clock may be wrong by days and may jump; its monotonic clock never jumps, but stops in
sleep. Both are compared with the last moment at which the server told its own time.
"""

from __future__ import annotations

from dataclasses import dataclass

STEADY_MS = 60_000  # the two clocks of one page load may drift apart so far
SUSPECT_MS = 12 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Sync:
    """The last server time a phone saw, and what its own clocks said at that moment."""

    server_ms: int
    wall_ms: int
    mono_ms: int
    boot: str


@dataclass(frozen=True, slots=True)
class CorrectedTime:
    """The instant, how it was found (``synced``, ``estimated`` or ``wall``), and whether to doubt it."""

    at_ms: int
    label: str
    suspect: bool


def corrected_time(wall_ms: int, mono_ms: int, boot: str, sync: Sync | None) -> CorrectedTime:
    """The instant at which a frame was made; the same for ever, whatever arrives later."""
    if sync is None:
        return CorrectedTime(wall_ms, "wall", True)
    same_boot = boot == sync.boot
    gap = (wall_ms - sync.wall_ms) - (mono_ms - sync.mono_ms)
    if same_boot and abs(gap) <= STEADY_MS:
        at_ms, label = sync.server_ms + (mono_ms - sync.mono_ms), "synced"
    else:
        at_ms, label = wall_ms + (sync.server_ms - sync.wall_ms), "estimated"
    suspect = (
        (same_boot and abs(gap) > SUSPECT_MS) or abs(at_ms - wall_ms) > SUSPECT_MS or at_ms < sync.server_ms
    )
    return CorrectedTime(at_ms, label, suspect)
