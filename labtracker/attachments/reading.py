"""From the bytes that somebody sent to those that are kept, or to the reason why not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from flask_babel import gettext as _

from labtracker.attachments.refusals import refused
from labtracker.attachments.rules import (
    MOST_BYTES,
    MediaType,
    Unread,
    is_laborious_jpeg,
    is_whole_pdf,
    type_of,
)
from labtracker.errors import DomainError

READERS = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG", MediaType.WEBP: "WEBP"}


@dataclass(frozen=True)
class Content:
    """What is kept of a file; ``source_sha256`` is of the file as it came."""

    data: bytes
    media_type: MediaType
    source_sha256: str
    width: int | None = None
    height: int | None = None


def read_content(data: bytes, *, patient: bool = True) -> Content:
    """The content to keep of a file's bytes. Raises DomainError with words about what to do instead.

    A picture waits some seconds for a place to be drawn, unless nobody is ``patient``.
    """
    if len(data) > MOST_BYTES:
        raise refused("too_large", _("This file is larger than 10 MB. Send a smaller one."))
    kind = type_of(data)
    if isinstance(kind, Unread):
        raise _unread(kind)
    source = hashlib.sha256(data).hexdigest()
    if kind is MediaType.PDF:
        if not is_whole_pdf(data):
            raise refused("damaged", _("This PDF is damaged or incomplete. Save it again and send it anew."))
        return Content(data, kind, source)
    if kind is MediaType.JPEG and is_laborious_jpeg(data):
        raise refused(
            "laborious", _("This picture is stored in an unusual way. Save it anew as JPEG and send that.")
        )
    from labtracker.attachments.pictures import (  # noqa: PLC0415 (large, and only photos need it)
        WAIT_SECONDS,
        draw_anew,
    )

    drawn = draw_anew(data, READERS[kind], wait=WAIT_SECONDS if patient else 0)
    media_type = MediaType.PNG if drawn.is_png else MediaType.JPEG
    return Content(drawn.data, media_type, source, drawn.width, drawn.height)


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
    return refused(str(kind), words[kind])
