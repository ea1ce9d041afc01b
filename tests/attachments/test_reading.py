"""Photos are drawn anew: upright, small, without anything that came along; bombs and wrecks are refused."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from PIL import Image, ImageOps

from labtracker.attachments import pictures
from labtracker.attachments.reading import read_content
from labtracker.attachments.rules import LONGEST_SIDE, MOST_BYTES, MOST_PIECES, MediaType
from labtracker.errors import DomainError
from tests.attachments.files import (
    HEIC,
    HTML,
    PDF,
    SECRET,
    SVG,
    lying_photo,
    photo_in_scans,
    photo_with_notes,
    photo_with_odd_notes,
    picture,
    png_claiming,
    text_bomb,
)

# Nothing here asks the database.
pytestmark = pytest.mark.one_database


def drawn(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def is_red(image: Image.Image, at: tuple[int, int]) -> bool:
    red, _green, _blue = image.convert("RGB").getpixel(at)  # type: ignore[misc]
    return bool(red > 127)


def test_a_photo_stands_upright_and_tells_nothing(app: Flask) -> None:
    data = lying_photo()
    assert SECRET in data
    content = read_content(data)
    assert (content.media_type, content.width, content.height) == (MediaType.JPEG, 40, 60)
    assert SECRET not in content.data
    assert b"<script" not in content.data
    image = drawn(content.data)
    assert image.size == (40, 60)
    assert not image.getexif()
    assert not {"exif", "comment", "icc_profile", "xmp"} & set(image.info)
    # What was left is on top now.
    red, _green, blue = image.convert("RGB").getpixel((20, 10))  # type: ignore[misc]
    assert red > 200 > blue


@pytest.mark.parametrize("data", [photo_with_odd_notes(), photo_in_scans(50), photo_with_notes(100)])
def test_a_photo_that_is_odd_and_no_more_is_kept(app: Flask, data: bytes) -> None:
    content = read_content(data)
    assert content.media_type is MediaType.JPEG
    assert {content.width, content.height} == {60, 40}


@pytest.mark.parametrize("held", range(1, 9))
def test_however_the_camera_was_held_the_photo_stands_upright(app: Flask, held: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = held
    data = picture(exif=exif.tobytes())
    upright = drawn(data)
    ImageOps.exif_transpose(upright, in_place=True)
    image = drawn(read_content(data).data)
    assert image.size == upright.size
    for corner in [(5, 5), (image.width - 5, image.height - 5)]:
        assert is_red(image, corner) == is_red(upright, corner)


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "L"), ("WEBP", "RGB"), ("JPEG", "CMYK")])
def test_a_large_photo_is_made_smaller(app: Flask, kind: str, mode: str) -> None:
    content = read_content(picture(kind, (2500, 1250), mode))
    assert (content.width, content.height) == (2000, 1000)
    assert content.media_type is MediaType.JPEG
    assert drawn(content.data).size == (2000, 1000)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_is_seen_through_stays_so(app: Flask, kind: str) -> None:
    content = read_content(picture(kind, mode="RGBA"))
    assert content.media_type is MediaType.PNG
    assert drawn(content.data).mode == "RGBA"


def test_a_pdf_is_kept_as_it_is(app: Flask) -> None:
    content = read_content(PDF)
    assert (content.data, content.media_type) == (PDF, MediaType.PDF)
    assert content.width is None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (HEIC, "file_heic"),
        (SVG, "file_web_page"),
        (HTML, "file_web_page"),
        (b"\xff\xd8\xff\xe0" + HTML, "file_damaged"),
        (picture("JPEG", (500, 500))[:800], "file_damaged"),
        (picture("PNG")[:60], "file_damaged"),
        (png_claiming(50_000, 50_000), "file_damaged"),
        (png_claiming(8_001, 8_000), "file_too_many_pixels"),
        (png_claiming(20_000, 5_000), "file_damaged"),
        (text_bomb(), "file_damaged"),
        (b"%PDF-1.4 and no more", "file_damaged"),
        (b"PK\x03\x04", "file_office"),
        (picture("GIF"), "file_other"),
        (bytes(MOST_BYTES + 1), "file_too_large"),
        (photo_in_scans(MOST_PIECES), "file_laborious"),
        (photo_with_notes(MOST_PIECES + 1), "file_laborious"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_kept_says_why(app: Flask, data: bytes, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        read_content(data)
    assert refused.value.code == code
    assert refused.value.field == "files"
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize("turned", [False, True])
def test_a_large_picture_lies_in_memory_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch, turned: bool
) -> None:
    exif = Image.Exif()
    if turned:
        exif[0x0112] = 6
    data = picture("PNG", (2500, 1250), exif=exif.tobytes())
    sizes = []
    for name in ("copy", "transpose", "convert"):
        method = getattr(Image.Image, name)

        def noted(self: Image.Image, *args: Any, method: Any = method, **more: Any) -> Any:
            sizes.append(self.size)
            return method(self, *args, **more)

        monkeypatch.setattr(Image.Image, name, noted)
    content = read_content(data)
    assert (content.width, content.height) == ((1000, 2000) if turned else (2000, 1000))
    assert sizes
    assert max(max(size) for size in sizes) == LONGEST_SIDE


def test_few_pictures_are_drawn_at_once_and_who_waits_too_long_is_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "WAIT_SECONDS", 0.0)
    with pictures.AT_ONCE, pictures.AT_ONCE:
        with pytest.raises(DomainError) as refused:
            read_content(picture())
        assert (refused.value.code, refused.value.field, refused.value.status) == ("file_busy", "files", 503)
        assert read_content(PDF).media_type is MediaType.PDF
    with pytest.raises(DomainError):
        read_content(b"\xff\xd8\xff\xe0" + HTML)
    assert all(pictures.AT_ONCE.acquire(blocking=False) for _place in range(2)), "each gave its place back"
    for _place in range(2):
        pictures.AT_ONCE.release()
