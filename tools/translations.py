"""Collect the sentences of every slice into its Spanish catalog, and say what is not translated yet.

    python -m tools.translations           # bring every catalog up to date
    python -m tools.translations --check   # say what is missing, stale or unsure, and fail if anything is

Each slice has one catalog, ``labtracker/translations/es/LC_MESSAGES/<slice>.po``, of what its Python and its
templates say. A sentence that several slices use stands only in the catalog of the lowest of them. What the
phone's client says stands in ``checkin_client.po``.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "labtracker" / "translations" / "es" / "LC_MESSAGES"
CLIENT = "checkin_client"
# Lowest first; what belongs to no slice (base.html, macros, the application itself) goes with the web.
SLICES = (
    "web",
    "accounts",
    "attachments",
    "labs",
    "fleet",
    "scheduling",
    "feeds",
    "roster",
    "checkin",
    "completion",
    "certificates",
    "own_page",
    "outcomes",
    "partnership",
    "reports",
    "timelines",
)
OF_THE_WEB = ("web", "jobs", "kit", "_macros", "mail")
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "_n": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "t": None,
    "tn": (1, 2),
}
PYTHON_KEYWORDS = {name: spec for name, spec in KEYWORDS.items() if name not in {"t", "tn"}}
# A date that stays, so that an update changes only sentences.
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> int:
    """Update the catalogs, or check them; the exit status says whether all is well."""
    parser = argparse.ArgumentParser(description="Spanish catalogs of every slice")
    parser.add_argument("--check", action="store_true", help="change nothing; fail if anything is missing")
    if parser.parse_args().check:
        problems = list(all_problems())
        print("\n".join(problems) if problems else "Every sentence has its Spanish.")
        return 1 if problems else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    known = _known()
    for name, template in templates().items():
        path = FOLDER / f"{name}.po"
        if len(template) or path.exists():
            path.write_bytes(_as_bytes(_updated(path, template, known)))
    for name, missing in sorted(untranslated().items()):
        print(f"{name}: {missing} to translate")
    return 0


def templates() -> dict[str, Catalog]:
    """What each catalog should hold, collected from the sources."""
    found: dict[str, Catalog] = {}
    seen: set[tuple[object, object]] = set()
    for name in (*SLICES, CLIENT):
        catalog = Catalog(locale="es", charset="utf-8", fuzzy=False)
        for path, method in _sources(name):
            for _line, message, _comments, context in _messages(path, method):
                key = (message, context)
                if name != CLIENT and key in seen:
                    continue
                seen.add(key)
                catalog.add(message, context=context)
        found[name] = catalog
    return found


def all_problems() -> Iterator[str]:
    """One line for each sentence that is missing from its catalog, untranslated, unsure or no longer said."""
    for name, template in templates().items():
        catalog = _read(FOLDER / f"{name}.po")
        for message in template:
            what = _fault(message, catalog) if message.id else None
            if what:
                yield f"{name}: {what}: {_first(message.id)!r}"
        for message in catalog:
            if message.id and template.get(_first(message.id), message.context) is None:
                yield f"{name}: no longer said: {_first(message.id)!r}"
            for error in message.check(catalog):
                yield f"{name}: {_first(message.id)!r}: {error}"


def _fault(message: Message, catalog: Catalog) -> str | None:
    there = catalog.get(_first(message.id), message.context)
    if there is None or there.id != message.id:
        return "not in the catalog"
    if not _is_said(there.string):
        return "not translated"
    if any(_is_said_twice(said) for said in _forms(there.string)):
        return "said twice over"
    return "unsure" if there.fuzzy else None


def untranslated() -> dict[str, int]:
    """How many sentences of each catalog wait for their Spanish."""
    return {
        path.stem: sum(1 for message in _read(path) if message.id and not _is_said(message.string))
        for path in sorted(FOLDER.glob("*.po"))
    }


def _sources(name: str) -> Iterator[tuple[Path, str]]:
    if name == CLIENT:
        yield from ((path, "javascript") for path in sorted((ROOT / "static/js/checkin").rglob("*.js")))
        return
    folders = OF_THE_WEB if name == "web" else (name,)
    for folder in folders:
        for path in sorted((ROOT / "labtracker" / folder).rglob("*.py")):
            yield path, "python"
        for path in sorted((ROOT / "templates" / folder).rglob("*.[ht]*")):
            if path.suffix in {".html", ".txt"}:
                yield path, "jinja2.ext:babel_extract"
    if name == "web":
        yield from ((path, "python") for path in sorted((ROOT / "labtracker").glob("*.py")))
        for path in sorted((ROOT / "labtracker" / "demo").rglob("*.py")):
            yield path, "python"
        yield from (
            (path, "jinja2.ext:babel_extract") for path in sorted((ROOT / "templates").glob("*.html"))
        )


def _messages(path: Path, method: str) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    keywords = KEYWORDS if method == "javascript" else PYTHON_KEYWORDS
    options = {"silent": "false"} if method.startswith("jinja2") else {}
    yield from extract_from_file(method, path, keywords=keywords, options=options)


def _known() -> dict[tuple[object, object], Message]:
    """Every translation there is, so that a sentence keeps its own when it moves to another catalog."""
    catalogs = [_read(path) for path in FOLDER.glob("*.po")]
    said = (message for catalog in catalogs for message in catalog if message.id and _is_said(message.string))
    return {(message.id, message.context): message for message in said}


def _updated(path: Path, template: Catalog, known: dict[tuple[object, object], Message]) -> Catalog:
    catalog = _read(path)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    for message in catalog:
        message.locations, message.auto_comments = [], []
        if message.id and not _is_said(message.string) and (message.id, message.context) in known:
            message.string = known[message.id, message.context].string
    return catalog


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="es", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        catalog = read_po(file, locale="es", charset="utf-8")
    catalog.fuzzy = False
    return catalog


def _as_bytes(catalog: Catalog) -> bytes:
    catalog.project, catalog.version = "labtracker", "1"
    catalog.header_comment = "# Spanish as spoken in the United States: plain, with usted."
    catalog.creation_date = catalog.revision_date = WRITTEN
    catalog.last_translator = catalog.language_team = "labtracker"
    out = io.BytesIO()
    write_po(out, catalog, width=110, no_location=True, sort_output=True, ignore_obsolete=True)
    return out.getvalue()


def _first(message_id: object) -> str:
    return str(message_id[0] if isinstance(message_id, tuple) else message_id)


def _forms(string: object) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (str(string),)


def _is_said_twice(said: str) -> bool:
    """Whether the second half repeats the first, as when a catalog was filled twice."""
    middle = len(said) // 2
    return middle > 10 and said[:middle].strip() == said[middle:].strip()


def _is_said(string: object) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


if __name__ == "__main__":
    sys.exit(main())
