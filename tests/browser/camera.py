"""A camera for tests: a film of QR codes, which Chromium shows as if it came from a lens."""

from __future__ import annotations

import io
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import qrcode
from PIL import Image, ImageDraw, ImageFilter

FRAMES_A_SECOND = 30
SIZE = (640, 480)
PAPER = (208, 204, 196)
MOMENT = 0.2  # seconds in which a hand does not move


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
    return _jpeg(picture)


def held_up(text: str, chance: random.Random, seconds: float) -> Iterator[tuple[bytes, float]]:
    """A badge as people hold it: tilted, turned, in a hand that moves, now and then with a lamp that glares.

    Gives pictures, each with the seconds for which it stands.
    """
    turn, near = chance.uniform(-28, 28), chance.uniform(0.8, 1.15)
    lean = [chance.uniform(0, 0.16) for _corner in range(4)]
    lamp = (chance.uniform(-90, 90), chance.uniform(-90, 90)) if chance.random() < 0.35 else None
    printed = _leaning(_printed(text), lean).rotate(turn, expand=True, resample=Image.Resampling.BICUBIC)
    size = round(printed.width * near), round(printed.height * near)
    printed = printed.resize(size, Image.Resampling.BICUBIC)
    place = [SIZE[0] / 2 + chance.uniform(-60, 60), SIZE[1] / 2 + chance.uniform(-20, 20)]
    for _moment in range(round(seconds / MOMENT)):
        place = [value + chance.uniform(-5, 5) for value in place]
        picture = Image.new("RGB", SIZE, PAPER)
        corner = round(place[0] - printed.width / 2), round(place[1] - printed.height / 2)
        picture.paste(printed, corner, printed)
        if lamp:
            picture = _with_lamp(picture, (place[0] + lamp[0], place[1] + lamp[1]))
            lamp = (lamp[0] + chance.uniform(-14, 14), lamp[1] + chance.uniform(-14, 14))
        yield _jpeg(picture.filter(ImageFilter.GaussianBlur(chance.uniform(0, 0.9)))), MOMENT


def _printed(text: str) -> Image.Image:
    code = qrcode.QRCode(border=4, box_size=8)
    code.add_data(text)
    code.make()
    printed = code.make_image().get_image().convert("RGBA")
    printed.thumbnail((330, 330))
    return printed


def _leaning(image: Image.Image, lean: Sequence[float]) -> Image.Image:
    """The picture seen from a side: each corner a little further in."""
    width, height = image.size
    quad = (
        -lean[0] * width, -lean[0] * height, -lean[1] * width, height * (1 + lean[1]),
        width * (1 + lean[2]), height * (1 + lean[2]), width * (1 + lean[3]), -lean[3] * height,
    )  # fmt: skip
    return image.transform(image.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC)


def _with_lamp(picture: Image.Image, at: tuple[float, float]) -> Image.Image:
    light = Image.new("L", SIZE, 0)
    box = (at[0] - 55, at[1] - 30, at[0] + 55, at[1] + 30)
    ImageDraw.Draw(light).ellipse(box, fill=235)
    white = Image.new("RGB", SIZE, (255, 255, 255))
    return Image.composite(white, picture, light.filter(ImageFilter.GaussianBlur(14)))


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def arrivals(path: Path, texts: Sequence[str], seed: int) -> tuple[Path, float]:
    """A film of people who come one after another and hold up their badges for two to four seconds.

    Gives it with its length in seconds, without the minute at its end in which nobody comes.
    """
    chance, length = random.Random(seed), 0.0
    with path.open("wb") as out:

        def show(picture: bytes, seconds: float) -> float:
            out.write(picture * round(seconds * FRAMES_A_SECOND))
            return seconds

        nobody = picture_of(None)
        length += show(nobody, 1.0)
        for text in texts:
            for picture, seconds in held_up(text, chance, chance.uniform(2, 4)):
                length += show(picture, seconds)
            length += show(nobody, chance.uniform(0.3, 1.0))
        show(nobody, 60)
    return path, length


def picture_of_screen(shown: bytes) -> bytes:
    """One picture: another phone's screen before the camera, which shows this picture of a code."""
    picture = Image.new("RGB", SIZE, PAPER)
    code = Image.open(io.BytesIO(shown)).convert("RGB")
    larger = max(1, 420 // code.width)
    code = code.resize((code.width * larger, code.height * larger), Image.Resampling.NEAREST)
    picture.paste(code, ((SIZE[0] - code.width) // 2, (SIZE[1] - code.height) // 2))
    return _jpeg(picture)


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
