"""What employers and the office write to each other about requests, and the papers that come along."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

from labtracker.attachments.services import Upload, read_uploads
from labtracker.demo.people import People
from labtracker.scheduling import services
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.rules.thread import FileKind


@dataclass(frozen=True)
class Line:
    """One message: of the employer or of the office, so many hours after the request was sent."""

    of_employer: bool
    hours: int
    text: str
    with_plan: bool = False


LETTERS: dict[str, tuple[Line, ...]] = {
    "dairy": (
        Line(True, 2, "The lot behind the milking barn is gravel, dry since August. Is that level enough?"),
        Line(False, 5, "Gravel is fine if a loaded truck leaves no ruts. Could you send a sketch?"),
        Line(True, 26, "Here it is. The gate is 16 feet wide.", with_plan=True),
    ),
    "timber": (
        Line(False, 30, "Fourteen people come in two groups of seven. Is an hour between them all right?"),
        Line(True, 49, "Yes. The second group starts after its break at two."),
        Line(True, 50, "One of us uses a wheelchair. Can he get into the lab?"),
        Line(False, 54, "The lab has a lift at its side door; we need four feet of level ground there."),
    ),
    "ethanol": (Line(True, 3, "Our gate guard changes in May. I send you the new name once I know it."),),
}  # fmt: skip


def write_letters(people: People, place: str, booking: BookingRequest, now: datetime) -> None:
    """Everything that was written about a request until now, and proof of insurance beside it."""
    sent_at = booking.submitted_at
    if sent_at is None:
        return
    contact = people.contacts[place]
    for line in LETTERS.get(place, ()):
        at = sent_at + timedelta(hours=line.hours)
        if at >= now:
            break
        files = read_uploads([Upload("lot.png", _plan())]) if line.with_plan else []
        author = contact if line.of_employer else people.coordinator
        services.write_message(booking=booking, text=line.text, files=files, actor=author, now=at)
    if place in LETTERS:
        services.attach_to_booking(
            booking=booking,
            files=read_uploads([Upload("insurance.pdf", _insurance(booking.employer.name, sent_at))]),
            kind=FileKind.INSURANCE,
            actor=contact,
            now=sent_at + timedelta(minutes=20),
        )


def _plan() -> bytes:
    """A sketch of a lot: the barn, the gate, the ground where a lab can stand."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 (large, and only the demo's beginning needs it here)

    sheet = Image.new("RGB", (900, 560), "white")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((40, 40, 860, 520), outline="black", width=4)
    pen.rectangle((70, 70, 420, 210), fill="#d9d4c7", outline="black", width=3)
    pen.text((180, 130), "milking barn", fill="black", font_size=28)
    pen.rectangle((150, 300, 690, 420), outline="#0e5a4f", width=5)
    pen.text((250, 340), "gravel, 75 ft by 25 ft", fill="#0e5a4f", font_size=28)
    pen.line((860, 300, 860, 420), fill="white", width=8)
    pen.text((740, 245), "gate 16 ft", fill="black", font_size=24)
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def _insurance(employer: str, day: datetime) -> bytes:
    """A page that says that somebody is insured."""
    from fpdf import FPDF  # noqa: PLC0415 (large, and only the demo's beginning needs it here)

    paper = FPDF(format="letter")
    paper.set_creation_date(day)
    paper.add_page()
    paper.set_font("helvetica", size=16)
    paper.cell(0, 12, "Certificate of liability insurance", new_x="LMARGIN", new_y="NEXT")
    paper.set_font("helvetica", size=11)
    text = f"Insured: {employer}. General liability, each occurrence: $1,000,000. Invented for this demo."
    paper.multi_cell(0, 7, text.encode("latin-1", "replace").decode("latin-1"))
    return bytes(paper.output())
