"""QR codes of badges: error correction M, four quiet modules around, drawn as one path."""

from __future__ import annotations

from dataclasses import dataclass

from labtracker.kit.qr import qr_modules

QUIET = 4


@dataclass(frozen=True)
class Run:
    """Dark modules side by side in one row."""

    x: int
    y: int
    width: int


@dataclass(frozen=True)
class QrDrawing:
    """A QR code in modules: its whole width with the quiet zone, and its dark runs."""

    size: int
    runs: tuple[Run, ...]

    @property
    def path(self) -> str:
        """The runs as the data of one SVG path."""
        return "".join(f"M{run.x} {run.y}h{run.width}v1h-{run.width}z" for run in self.runs)


def draw_qr(text: str) -> QrDrawing:
    """The QR code of a text."""
    matrix = qr_modules(text, quiet=QUIET)
    runs = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            if not row[x]:
                x += 1
                continue
            start = x
            while x < len(row) and row[x]:
                x += 1
            runs.append(Run(start, y, x - start))
    return QrDrawing(len(matrix), tuple(runs))
