"""Lines among the people of a roster that are no people: totals, a shift's name, a note to the office."""

from __future__ import annotations

import re

from labtracker.kit.text import folded
from labtracker.roster.reading import cells
from labtracker.roster.reading.sheets import Line

_TOTALS = re.compile(r"(grand |gran |sub ?)?(total(es)?|sum|suma|count|cuenta|conteo|headcount)\b.*")
# Words that begin a line of their own above or below some people, and no name.
_BEGINS = re.compile(
    r"(prepared|printed|generated|exported|updated|last updated|revised|questions?|please|notes?|nb|"
    r"contact|confidential|end of|page \d|as of|see |signed|approved|submitted|do not|all |this |these |"
    r"preparado|impreso|elaborado|actualizado|preguntas?|favor|por favor|nota|notas|contacto|confidencial|"
    r"fin de|fin del|pagina \d|firma|aprobado|responsable|ver )\b"
)
_SECTION = re.compile(
    r"((day|night|swing|evening|morning|first|second|third|1st|2nd|3rd|graveyard|weekend) )?"
    r"(shift|crew|team|dept|department|division|area|line|group|location|plant|section)( [\w&]{1,20}){0,3}"
    r"|(\w{1,20} ){1,2}(shift|crew|department|dept|division)"
    r"|((primer|segundo|tercer|1er|2do|3er) )?(turno|cuadrilla|equipo|departamento|depto|grupo|planta)"
    r"( \w{1,20}){0,3}"
)


def is_totals(line: Line) -> bool:
    """Whether a line counts the others."""
    filled = [cell for cell in line.cells if cell.strip()]
    if not filled or filled[0].lstrip().startswith(("=", "+", "-", "@")):
        return False
    first = folded(filled[0])
    if len(first) >= 40 or not _TOTALS.fullmatch(first):
        return False
    return all(re.fullmatch(r"[\d\s.,]*", cell) or cell == cells.FORMULA for cell in filled[1:])


def is_aside(line: Line, width: int) -> bool:
    """Whether a line of one cell, in a table of several columns, is a heading of people or a note."""
    filled = [cell for cell in line.cells if cell.strip()]
    if width < 2 or len(filled) != 1 or filled[0] == cells.FORMULA:
        return False
    text = filled[0].strip()
    words = folded(text)
    return bool(
        text.startswith(("*", "(", "--", "**"))
        or text.endswith((":", "?"))
        or len(words.split()) > 8
        or _BEGINS.match(words)
        or _SECTION.fullmatch(words)
    )
