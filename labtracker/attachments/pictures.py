"""A photo is drawn anew from its pixels.

It is turned upright, at most 2,000 pixels long, and without anything else that came along in the file: where
and when it was taken, another picture inside it, a page or a script.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from threading import BoundedSemaphore

from flask_babel import gettext as _
from PIL import ExifTags, Image

from labtracker.attachments.refusals import busy, refused
from labtracker.attachments.rules import LONGEST_SIDE, MOST_PIXELS

# A large photo takes some hundred megabytes while it is drawn.
AT_ONCE = BoundedSemaphore(2)
# Whoever waits occupies one of the few threads that pages have.
WAIT_SECONDS = 10.0
# What the library raises on damaged or hostile pictures; a bomb warns before it is an error.
DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)

# How a picture is turned upright, by what its camera says of how it was held.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Drawn:
    """A picture as a new file: a PNG where something can be seen through, else a JPEG."""

    data: bytes
    is_png: bool
    width: int
    height: int


def draw_anew(data: bytes, reader: str, *, wait: float) -> Drawn:
    """The picture in a file of a format, as Pillow calls it, after at most ``wait`` seconds for a place.

    Raises DomainError when it cannot be drawn, and ``file_busy`` (503) when there was no place.
    """
    if not AT_ONCE.acquire(timeout=wait):
        raise busy()
    try:
        picture = _small_and_upright(data, reader)
        is_png = picture.has_transparency_data
        plain = picture.convert("RGBA" if is_png else "RGB")
        # What the library carries along from file to file: positions, comments, profiles.
        plain.info.clear()
        out = io.BytesIO()
        if is_png:
            plain.save(out, "PNG")
        else:
            plain.save(out, "JPEG", quality=85, optimize=True, progressive=True)
        return Drawn(out.getvalue(), is_png, plain.width, plain.height)
    finally:
        AT_ONCE.release()


def _small_and_upright(data: bytes, reader: str) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=[reader]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise refused(
                    "too_many_pixels", _("This picture has too many pixels. Send it in a smaller size.")
                )
            # A JPEG can be read at a half or a quarter of its size from the start.
            picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
            picture.load()
            # In this order, and in place: a large picture lies in memory once.
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            # The library's own way of turning writes all the notes of a picture anew, and fails on odd ones.
            turn = TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
            return picture if turn is None else picture.transpose(turn)
    except DAMAGED as error:
        raise refused(
            "damaged", _("This picture is damaged or incomplete. Take or save it again.")
        ) from error
