"""A camera for tests: a film of QR codes, which Chromium shows as if it came from a lens."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import qrcode
from PIL import Image

FRAMES_A_SECOND = 30
SIZE = (640, 480)
PAPER = (208, 204, 196)


def picture_of(text: str | None) -> bytes:
    """One picture: a printed code held before the camera, or nothing but the wall behind it."""
    picture = Image.new("RGB", SIZE, PAPER)
    if text is not None:
        code = qrcode.QRCode(border=4, box_size=8)
        code.add_data(text)
        code.make()
        printed = code.make_image().get_image().convert("RGB")
        printed.thumbnail((360, 360))
        picture.paste(printed, ((SIZE[0] - printed.width) // 2, (SIZE[1] - printed.height) // 2))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def picture_of_screen(shown: bytes) -> bytes:
    """One picture: another phone's screen before the camera, which shows this picture of a code."""
    picture = Image.new("RGB", SIZE, PAPER)
    code = Image.open(io.BytesIO(shown)).convert("RGB")
    larger = max(1, 420 // code.width)
    code = code.resize((code.width * larger, code.height * larger), Image.Resampling.NEAREST)
    picture.paste(code, ((SIZE[0] - code.width) // 2, (SIZE[1] - code.height) // 2))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def loop_of_screens(path: Path, shown: Iterable[bytes], *, seconds: float) -> Path:
    """A film of another phone's screen, each picture of a code for so long. It is shown in a loop."""
    with path.open("wb") as out:
        for picture in shown:
            out.write(picture_of_screen(picture) * round(seconds * FRAMES_A_SECOND))
    return path


def film(path: Path, scenes: Iterable[tuple[str | None, float]]) -> Path:
    """Write a film of scenes, each a text (None: nobody there) and its seconds. It is shown in a loop."""
    with path.open("wb") as out:
        for text, seconds in scenes:
            out.write(picture_of(text) * round(seconds * FRAMES_A_SECOND))
    return path


def queue(path: Path, texts: Iterable[str], *, before: float = 1.0, shown: float = 2.0) -> Path:
    """A film of people who hold up their badges one after another, and then nobody for a long while."""
    scenes: list[tuple[str | None, float]] = [(None, before)]
    for text in texts:
        scenes += [(text, shown), (None, 0.7)]
    return film(path, [*scenes, (None, 60)])


def camera_arguments(path: Path) -> list[str]:
    """What Chromium must be told so that a film is its camera, and pages may use it without being asked."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    ]
