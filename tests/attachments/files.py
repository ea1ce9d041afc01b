"""Files as people send them, and as nobody should."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000053 00000 n \n"
    b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n101\n%%EOF\n"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
SECRET = b"39.7392 N, 104.9903 W"


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **how: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new(mode, size, "#0000ff80" if mode == "RGBA" else "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def lying_photo() -> bytes:
    """A phone's photo that lies on its side, says where it was taken, and carries a page behind its end."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif[0x010E] = SECRET.decode()
    return picture(exif=exif.tobytes(), comment=SECRET) + HTML


def photo_with_odd_notes() -> bytes:
    """A photo to be turned, whose notes give its width (0100) as a text."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a site"
    return picture(exif=exif.tobytes().replace(b"\x01\x0e\x00\x02", b"\x01\x00\x00\x02"))


def photo_in_scans(times: int) -> bytes:
    """A progressive photo whose last scan comes so often."""
    data = picture(progressive=True)
    start, end = data.rindex(b"\xff\xda"), data.rindex(b"\xff\xd9")
    return data[:end] + data[start:end] * times + data[end:]


def photo_with_notes(times: int) -> bytes:
    """A photo whose notes come in so many pieces."""
    data = picture()
    return data[:2] + (b"\xff\xe1\x00\x09Exif\x00\x00x" * times) + data[2:]


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_claiming(width: int, height: int, *more: bytes) -> bytes:
    """A small PNG that claims to be huge once it is unpacked."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes(100_000)))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + body + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A PNG of one pixel with ten kilobytes of text that unpack to ten million signs."""
    return png_claiming(1, 1, chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(10_000_000))))
