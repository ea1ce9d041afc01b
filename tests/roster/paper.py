"""What is on sheets of paper: the text of each page, and its filled rectangles as pixels."""

from __future__ import annotations

import io

import pypdf
from PIL import Image, ImageDraw
from pypdf.generic import ContentStream


def pages_of(document: bytes) -> list[str]:
    """The text of each page of a PDF."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages]


def painted(document: bytes, scale: int = 4) -> list[Image.Image]:
    """The filled rectangles of each page as pixels; text and lines are left out."""
    reader = pypdf.PdfReader(io.BytesIO(document))
    pictures = []
    for page in reader.pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        image = Image.new("L", (round(width * scale), round(height * scale)), 255)
        pen, box = ImageDraw.Draw(image), (0.0, 0.0, 0.0, 0.0)
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator == b"re":
                box = tuple(map(float, operands))
            elif operator == b"f":
                x, y, across, up = box
                top, bottom = sorted((height - y, height - y - up))
                pen.rectangle([side * scale for side in (x, top, x + across, bottom)], fill=0)
        pictures.append(image)
    return pictures
