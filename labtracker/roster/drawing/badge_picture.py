"""A badge as a picture for a phone without signal at the door: the code, and the letters for typing it."""

from __future__ import annotations

import io

from labtracker.kit.qr import qr_modules
from labtracker.roster.drawing.paper import FONT
from labtracker.roster.drawing.qr import QUIET

# Pixels.
MODULE = 20
MARGIN = 24
CODE, SAYING = 88, 34


def badge_picture(url: str, *, code: str, saying: str) -> bytes:
    """A PNG, black on white: the QR code of the address, the short code below it, and what to do with it."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 (10 MB, and few pages draw)

    rows = qr_modules(url, quiet=QUIET)
    side = len(rows) * MODULE
    picture = Image.new("1", (side, side + CODE + 3 * SAYING + 2 * MARGIN), 1)
    pen = ImageDraw.Draw(picture)
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            if is_dark:
                left, top = x * MODULE, y * MODULE
                pen.rectangle((left, top, left + MODULE - 1, top + MODULE - 1), fill=0)
    middle = side / 2
    pen.text((middle, side), code, font=ImageFont.truetype(FONT, CODE), fill=0, anchor="ma")
    font = ImageFont.truetype(FONT, SAYING)
    while font.getlength(saying) > side - 2 * MARGIN:
        font = ImageFont.truetype(FONT, font.size - 1)
    pen.text((middle, side + CODE + 2 * MARGIN), saying, font=font, fill=0, anchor="ma")
    made = io.BytesIO()
    picture.save(made, "PNG", optimize=True)
    return made.getvalue()
