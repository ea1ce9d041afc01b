"""Sheets of 1,000 badges as PDF. `python -m benchmarks.badges [decode]`

Beside each stands the floor: the two libraries alone, one making the codes and the other drawing the same
rectangles and as many lines of text of a fixed size. Three sizes show the growth. `decode` reads every code
back from the drawn sheets of all layouts; it takes minutes.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from time import process_time

import zxingcpp
from fpdf import FPDF
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from benchmarks.timing import Report, in_turns
from labtracker.roster.drawing.badge_sheet import BadgeCard, badge_sheet
from labtracker.roster.drawing.layouts import LAYOUTS, USUAL
from labtracker.roster.drawing.paper import FONT
from labtracker.roster.rules import badges
from labtracker.roster.wording import BadgeWords
from tests.roster.paper import painted

SIZES = (250, 500, 1000)
GOAL_RATIO, GOAL_SECONDS, GOAL_GROWTH = 1.5, 10.0, 2.2
NOW = datetime(2026, 4, 13, 15, tzinfo=UTC)
WORDS = BadgeWords("en", "Show this badge at the lab's door.", "Name: please write it here")
NAMES = ("Bo Lee", "María Hernández Villanueva", "Lucía Ibáñez Güell", "Maximiliano Echeverría-Goicoechea")


def cards(count: int) -> list[BadgeCard]:
    """So many badges with names of usual lengths."""
    made = []
    for number in range(count):
        secret = badges.badge_hash(number.to_bytes(4, "big")).encode()[:16]
        code = badges.shown_code(badges.short_code(badges.badge_hash(secret)))
        url = badges.badge_url(secret, "labs.example.edu")
        made.append(BadgeCard(NAMES[number % len(NAMES)], "Plains Dairy", code, url, (WORDS,)))
    return made


def sheets(made: list[BadgeCard], layout: str = USUAL.key) -> bytes:
    """The PDF as the page gives it."""
    return badge_sheet(made, title="Badges", language="en", made_at=NOW, layout=LAYOUTS[layout])


def floor(made: list[BadgeCard]) -> bytes:
    """The same with the libraries alone."""
    pdf = FPDF(unit="mm", format="letter")
    pdf.add_font("noto", "", FONT)
    pdf.set_auto_page_break(False)
    corners = list(USUAL.corners())
    for number, card in enumerate(made):
        if number % USUAL.places == 0:
            pdf.add_page()
            pdf.set_font("noto", "", 14)
        x, y = corners[number % USUAL.places]
        code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
        code.add_data(card.url)
        code.make(fit=True)
        module = 39 / len(code.get_matrix())
        for run in draw_runs(code.get_matrix()):
            pdf.rect(x + run[0] * module, y + run[1] * module, run[2] * module, module, style="F")
        for line, text in enumerate((card.words[0].show_it, card.name, card.employer, card.code)):
            pdf.text(x + 40, y + 8 + line * 8, text)
    return bytes(pdf.output())


def draw_runs(matrix: list[list[bool]]) -> list[tuple[int, int, int]]:
    """Dark modules side by side: column, row, length."""
    runs = []
    for y, row in enumerate(matrix):
        line = "".join("#" if dark else " " for dark in row)
        x = 0
        for part in line.split(" "):
            if part:
                runs.append((x, y, len(part)))
            x += len(part) + 1
    return runs


def decode(report: Report, count: int) -> None:
    """Read every code of every layout back from what was drawn."""
    made = cards(count)
    wanted = [card.url for card in made]
    for key in LAYOUTS:
        read = [code.text for page in painted(sheets(made, key)) for code in zxingcpp.read_barcodes(page)]
        report.figure(f"{key}_read_back", len(set(read) & set(wanted)))
        report.goal(f"{key}: every one of {count} badges reads back", sorted(read) == sorted(wanted))


def measure(report: Report) -> None:
    """Seconds of the processor for three sizes, beside the floor."""
    medians = {}
    for count in SIZES:
        made = cards(count)

        def ours(made: list[BadgeCard] = made) -> float:
            begun = process_time()
            sheets(made)
            return process_time() - begun

        def alone(made: list[BadgeCard] = made) -> float:
            begun = process_time()
            floor(made)
            return process_time() - begun

        found = in_turns({"ours": ours, "alone": alone}, rounds=3 if count == SIZES[-1] else 5)
        for name, sample in found.items():
            report.sample(f"{name}_{count}", sample, count)
        medians[count] = found["ours"].median
        report.figure(f"ratio_{count}", found["ours"].median / found["alone"].median)
    largest = SIZES[-1]
    report.figure("growth_250_500", medians[500] / medians[250])
    report.figure("growth_500_1000", medians[1000] / medians[500])
    report.goal(f"at most {GOAL_RATIO} times the libraries alone", report.figures["ratio_1000"] <= GOAL_RATIO)
    report.goal(f"{largest} badges in at most {GOAL_SECONDS:.0f} s", medians[largest] <= GOAL_SECONDS)
    grown = max(report.figures["growth_250_500"], report.figures["growth_500_1000"])
    report.goal(f"twice as many take at most {GOAL_GROWTH} times as long", grown <= GOAL_GROWTH)


def main() -> int:
    """Measure, or read back, and show."""
    report = Report("badges", {"badges": SIZES[-1], "layouts": len(LAYOUTS)})
    if "decode" in sys.argv[1:]:
        decode(report, SIZES[-1])
    else:
        measure(report)
    report.show()
    return 0


if __name__ == "__main__":
    sys.exit(main())
