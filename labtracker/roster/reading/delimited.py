"""Text with columns: its encoding, its delimiter, its quoting."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from labtracker.roster.reading.messages import RosterFileError
from labtracker.roster.reading.sheets import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_LINE,
    MAX_ROWS,
    Line,
    Sheet,
    line_of,
)

# A row by its number in the file, counted from 1.
Numbered = list[tuple[int, list[str]]]

_DELIMITERS = (",", ";", "\t", "|")
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)
# Code pages that offices in the Americas really save in.
_OFFICE = ("cp1252", "cp850", "mac_roman")
_EXPECTED = set("áéíóúñüÁÉÍÓÚÑÜçÇãõâêîôûàèìòùäëïöåßøæœÀÈÄËÖÅØ¿¡ºª°«»–—‘’“”…€ ·´")
_TWICE = re.compile("[ÃÂ][\u0080-\u00bf]")
# What Windows-1252 has where Latin-1 has control characters.
_OF_1252 = {
    ord(symbol): place
    for place in range(0x80, 0xA0)
    for symbol in bytes((place,)).decode("cp1252", errors="ignore")
}
_BY_SPACES = "  "
_QUOTED_CONSTANT = re.compile(r'="([^"]*)"')


def read_delimited(data: bytes) -> Sheet:
    """The one sheet of a text file. Raises RosterFileError when it is not text."""
    return read_text(decode(data))


def read_text(text: str) -> Sheet:
    """The one sheet of text that was already decoded, pasted for instance."""
    if len(re.findall(r"[\x00-\x08\x0e-\x1f\x7f]", text[:20_000])) > len(text[:20_000]) // 50:
        raise RosterFileError("not_text")
    text = text.replace("\x00", "")
    if any(len(line) > MAX_LINE for line in io.StringIO(text, newline=None)):
        raise RosterFileError("too_much_text")
    declared = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    if declared:
        text = text[declared.end() :]
    delimiter = declared[1] if declared else _delimiter_of(text)
    return Sheet(name="", lines=_lines(text, delimiter))


def decode(data: bytes) -> str:
    """The text in these bytes: by its mark, as UTF-8, as UTF-16 without a mark, as an office's code page."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    wide = _utf16_without_mark(data)
    if wide is not None:
        return _decoded(data, wide)
    if data.count(b"\x00") > len(data) // 100:
        raise RosterFileError("not_text")
    try:
        return _mended(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _decode_old(data)


def _mended(text: str) -> str:
    """Text that was taken for Windows-1252 and saved as UTF-8 once more: JosÃ© is José again."""
    if not _TWICE.search(text):
        return text
    try:
        return text.translate(_OF_1252).encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        # A file cut in the middle of a character is still worth reading up to there.
        return data.decode(encoding, errors="replace")


def _utf16_without_mark(data: bytes) -> str | None:
    sample = data[:2_000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 5 and even < odd // 8:
        return "utf-16-le"
    if even > len(sample) // 5 and odd < even // 8:
        return "utf-16-be"
    return None


def _decode_old(data: bytes) -> str:
    candidates = {}
    for encoding in _OFFICE:
        text = data.decode(encoding, errors="replace")
        foreign = Counter(text)
        for symbol in map(chr, range(0x80)):
            foreign.pop(symbol, None)
        expected = sum(count for symbol, count in foreign.items() if symbol in _EXPECTED)
        candidates[encoding] = expected / max(1, foreign.total())
    best = max(_OFFICE, key=lambda encoding: candidates[encoding])
    if candidates[best] >= 0.8:
        return data.decode(best, errors="replace")
    from charset_normalizer import from_bytes  # noqa: PLC0415 (2 MB, and few files are so old)

    # Not Western European: let the statistics speak (Chinese, Japanese, Cyrillic, ...).
    guess = from_bytes(data[:200_000]).best()
    if guess is None:
        raise RosterFileError("not_text")
    return _decoded(data, guess.encoding)


def _delimiter_of(text: str) -> str:
    sample = text[:50_000]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        counts = Counter(len(row) for _number, row in _parsed(sample, delimiter, most=200))
        counts.pop(1, None)
        if not counts:
            continue
        width, rows = max(counts.items(), key=lambda item: (item[1], item[0]))
        score = rows * (1 + width / 100)
        if score > best_score:
            best, best_score = delimiter, score
    if not best_score and _is_set_in_columns(sample):
        return _BY_SPACES
    return best


def _is_set_in_columns(sample: str) -> bool:
    """Whether columns are kept apart by spaces, as in a text copied from a letter."""
    widths = Counter(len(re.split(r"\s{2,}", line.strip())) for line in sample.splitlines() if line.strip())
    width, lines = max(widths.items(), key=lambda item: item[1], default=(1, 0))
    return width > 1 and lines > 1 and lines * 2 > widths.total()


def _parsed(text: str, delimiter: str, most: int | None = None) -> Numbered:
    """The first ``most`` rows that are not blank, or all. Millions of blank ones are never held together."""
    if delimiter == _BY_SPACES:
        return _kept((re.split(r"\s{2,}", line.rstrip()) for line in io.StringIO(text, newline=None)), most)
    for strict in (True, False):
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
            rows = _kept(reader, most)
        except csv.Error:
            continue
        if strict or not any(cell.count("\n") > 2 for _number, row in rows for cell in row):
            return rows
    # A quote that never ends swallows the rows after it; then quotes are ordinary signs.
    return _kept((line.rstrip("\r\n").split(delimiter) for line in io.StringIO(text, newline="")), most)


def _kept(rows: Iterable[list[str]], most: int | None) -> Numbered:
    kept: Numbered = []
    cells = 0
    for number, row in islice(_not_blank(rows), most):
        kept.append((number, row))
        cells += len(row)
        if len(kept) > MAX_ROWS:
            raise RosterFileError("too_many_rows")
        if cells > MAX_CELLS:
            raise RosterFileError("too_much_text")
    return kept


def _not_blank(rows: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, start=1):
        if row and "".join(row).strip():
            yield number, row


def _lines(text: str, delimiter: str) -> list[Line]:
    lines = []
    for number, row in _parsed(text, delimiter):
        if len(row) > MAX_COLUMNS and any(cell.strip() for cell in row[MAX_COLUMNS:]):
            raise RosterFileError("too_many_columns")
        line = line_of(number, [_constant(cell) for cell in row[:MAX_COLUMNS]])
        if line is not None:
            lines.append(line)
    return lines


def _constant(cell: str) -> str:
    # ="001" is how some programs keep zeros in front; it is text, not a calculation.
    match = _QUOTED_CONSTANT.fullmatch(cell.strip())
    return match[1] if match else cell
