"""From the bytes that somebody sent to those that are kept, or to the reason why not.

A photo is drawn anew from its pixels: turned upright, at most 2,000 pixels long, and without anything else
that came along in the file: where and when it was taken, another picture inside it, a page or a script.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from threading import BoundedSemaphore

from flask_babel import gettext as _
from PIL import Image, ImageOps

from labtracker.attachments.rules import (
    LONGEST_SIDE,
    MOST_BYTES,
    MOST_PIXELS,
    MediaType,
    Unread,
    is_whole_pdf,
    type_of,
)
from labtracker.errors import DomainError

# A large photo takes some hundred megabytes while it is drawn.
AT_ONCE = BoundedSemaphore(2)
READERS = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG", MediaType.WEBP: "WEBP"}
# What the library raises on damaged or hostile pictures; a bomb warns before it is an error.
DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True)
class Content:
    """What is kept of a file; ``source_sha256`` is of the file as it came."""

    data: bytes
    media_type: MediaType
    source_sha256: str
    width: int | None = None
    height: int | None = None


def read_content(data: bytes) -> Content:
    """The content to keep of a file's bytes. Raises DomainError with words about what to do instead."""
    if len(data) > MOST_BYTES:
        raise _refused("too_large", _("This file is larger than 10 MB. Send a smaller one."))
    kind = type_of(data)
    if isinstance(kind, Unread):
        raise _unread(kind)
    source = hashlib.sha256(data).hexdigest()
    if kind is MediaType.PDF:
        if not is_whole_pdf(data):
            raise _refused("damaged", _("This PDF is damaged or incomplete. Save it again and send it anew."))
        return Content(data, kind, source)
    with AT_ONCE:
        return _drawn_anew(data, kind, source)


def _drawn_anew(data: bytes, kind: MediaType, source: str) -> Content:
    try:
        with Image.open(io.BytesIO(data), formats=[READERS[kind]]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise _refused(
                    "too_many_pixels", _("This picture has too many pixels. Send it in a smaller size.")
                )
            # A JPEG can be read at a half or a quarter of its size from the start.
            picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except DAMAGED as error:
        raise _refused(
            "damaged", _("This picture is damaged or incomplete. Take or save it again.")
        ) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    media_type = MediaType.PNG if upright.has_transparency_data else MediaType.JPEG
    plain = upright.convert("RGBA" if media_type is MediaType.PNG else "RGB")
    # What the library carries along from file to file: positions, comments, profiles.
    plain.info.clear()
    out = io.BytesIO()
    if media_type is MediaType.PNG:
        plain.save(out, "PNG")
    else:
        plain.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    return Content(out.getvalue(), media_type, source, plain.width, plain.height)


def _unread(kind: Unread) -> DomainError:
    words = {
        Unread.EMPTY: _("This file is empty. Choose it again."),
        Unread.HEIC: _(
            "This photo is in Apple’s HEIC format, which cannot be read here. Send it as JPEG: on an iPhone "
            "under Settings, Camera, Formats, choose Most Compatible."
        ),
        Unread.WEB_PAGE: _("This is a web page or a drawing made of text. Send a photo or a PDF."),
        Unread.OFFICE: _("This is an office document or an archive. Save it as PDF and send that."),
        Unread.OTHER: _("This file is neither a photo (JPEG, PNG, WebP) nor a PDF."),
    }
    return _refused(str(kind), words[kind])


def _refused(code: str, message: str) -> DomainError:
    return DomainError(f"file_{code}", message, field="files")
