"""A QR code as the path of an SVG, so that a page can draw it without any style or script."""

from __future__ import annotations

from labtracker.kit.qr import qr_modules

QUIET = 4


def qr_path(text: str) -> tuple[str, int]:
    """The dark modules of a code as one SVG path, and how many units wide it is, quiet zone included."""
    matrix = qr_modules(text)
    strokes = [
        f"M{start + QUIET} {row + QUIET}h{end - start}v1h-{end - start}z"
        for row, modules in enumerate(matrix)
        for start, end in _runs(modules)
    ]
    return "".join(strokes), len(matrix) + 2 * QUIET


def _runs(modules: list[bool]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for position, is_dark in enumerate(modules):
        if not is_dark:
            continue
        if runs and runs[-1][1] == position:
            runs[-1] = (runs[-1][0], position + 1)
        else:
            runs.append((position, position + 1))
    return runs
