"""Catalogs of words: gather them from the sources, write them, and say what is missing or stale.

Every slice has its own catalog; `web` also holds the words of the frame around all pages, and
`checkin_client` those of the scripts in browsers. A sentence stands in one catalog only, the first of the
order below, since the application reads them as one. `make translations` writes, `make check` compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "labtracker" / "translations"
LANGUAGES = ("es",)
# Packages whose words belong to the frame around all pages.
FRAME = {"web", "jobs", "kit"}
CLIENT = "checkin_client"
ORDER = ("web", "accounts", "labs", "scheduling", "roster", "checkin", "completion", "outcomes")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
}
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract", ".txt": "jinja2.ext:babel_extract"}
OPTIONS = {
    "jinja2.ext:babel_extract": {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"},
    "javascript": {"parse_template_string": "true"},
}
BORN = datetime(2026, 1, 1, tzinfo=UTC)


def catalog_of(path: Path) -> str:
    """The catalog to which the words of a source file belong."""
    top, *rest = path.relative_to(ROOT).parts
    if top == "static":
        return CLIENT
    if len(rest) > 1 and rest[0] not in FRAME and (ROOT / "labtracker" / rest[0] / "__init__.py").exists():
        return rest[0]
    return "web"


def sources() -> Iterator[Path]:
    """Every file that may speak to people."""
    for folder, patterns in (
        ("labtracker", ("*.py",)),
        ("templates", ("*.html", "*.txt")),
        ("static/js", ("*.js",)),
    ):
        for pattern in patterns:
            yield from sorted((ROOT / folder).rglob(pattern))


def messages_in(path: Path) -> Iterator[tuple[object, list[str], str | None]]:
    """Message, comments for translators and context, for each call in the file."""
    method = METHODS.get(path.suffix, "javascript")
    with path.open("rb") as file:
        found = extract(
            method, file, KEYWORDS, ("Translators:",), OPTIONS.get(method, {}), strip_comment_tags=True
        )
        for _line, message, comments, context in found:
            yield message, comments, context


def gather() -> dict[str, Catalog]:
    """All catalogs as the sources want them, each sentence in the first catalog that has it."""
    gathered: dict[str, Catalog] = {}
    for path in sources():
        name = catalog_of(path)
        place = (path.relative_to(ROOT).as_posix(), 0)
        for message, comments, context in messages_in(path):
            catalog = gathered.setdefault(name, Catalog(charset="utf-8"))
            catalog.add(message, None, [place], auto_comments=comments, context=context)  # type: ignore[arg-type]
    seen: set[tuple[str, str | None]] = set()
    for name in sorted(gathered, key=_position):
        if name == CLIENT:
            continue
        for message in list(_entries(gathered[name])):
            if _key(message) in seen:
                gathered[name].delete(message.id, message.context)
            seen.add(_key(message))
    return {name: catalog for name, catalog in gathered.items() if len(catalog)}


def _position(name: str) -> tuple[int, str]:
    return (ORDER.index(name) if name in ORDER else len(ORDER), name)


def _entries(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _key(message: Message) -> tuple[str, str | None]:
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def kept(language: str) -> dict[str, Catalog]:
    """The catalogs of a language as they lie in the project."""
    found = {}
    for path in sorted((TRANSLATIONS / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            found[path.stem] = read_po(file, locale=language)
    return found


def _is_translated(message: Message) -> bool:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return bool(strings) and all(strings)


def update(language: str) -> int:
    """Write the catalogs of a language anew, translations kept; gives how many words are missing."""
    wanted, old = gather(), kept(language)
    memory: dict[tuple[str, str | None], Message] = {}
    for catalog in old.values():
        memory.update({_key(message): message for message in _entries(catalog) if _is_translated(message)})
    folder = TRANSLATIONS / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    missing = 0
    for name, template in wanted.items():
        new = Catalog(
            locale=language, project="labtracker", version="1", creation_date=BORN, revision_date=BORN,
            language_team="none", msgid_bugs_address="none", last_translator="none",
            charset="utf-8", fuzzy=False, header_comment="#",
        )  # fmt: skip
        own = {_key(message): message for message in _entries(old.get(name, Catalog()))}
        for message in _entries(template):
            known = own.get(_key(message))
            if known is None or not _is_translated(known):
                known = memory.get(_key(message))
            same_shape = known is not None and isinstance(known.id, str) == isinstance(message.id, str)
            string = known.string if known is not None and same_shape else None
            missing += string is None
            new.add(
                message.id, string, message.locations, auto_comments=message.auto_comments,
                context=message.context,
            )  # fmt: skip
        with (folder / f"{name}.po").open("wb") as file:
            write_po(file, new, width=100, sort_output=True, include_lineno=False)
    for name in old.keys() - wanted.keys():
        (folder / f"{name}.po").unlink()
    return missing


def problems(language: str) -> Iterator[str]:
    """What stands between a language and its being whole, a line each."""
    wanted, have = gather(), kept(language)
    for name in sorted(wanted.keys() | have.keys(), key=_position):
        asked = {_key(message): message for message in _entries(wanted.get(name, Catalog()))}
        given = {_key(message): message for message in _entries(have.get(name, Catalog()))}
        where = f"{language}/{name}.po"
        yield from _lines(f"{where}: not in the catalog yet", asked.keys() - given.keys())
        yield from _lines(f"{where}: no longer in any source", given.keys() - asked.keys())
        for key in sorted(asked.keys() & given.keys(), key=str):
            message = given[key]
            if not _is_translated(message):
                yield f"{where}: not translated: {key[0]!r}"
            elif message.fuzzy:
                yield f"{where}: marked fuzzy: {key[0]!r}"
            else:
                yield from (f"{where}: {error}: {key[0]!r}" for error in message.check(have[name]))


def _lines(what: str, keys: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    return (f"{what}: {key[0]!r}" for key in sorted(keys, key=str))


def main(arguments: list[str]) -> int:
    """`update` writes the catalogs, `check` compares them with the sources."""
    if arguments == ["update"]:
        for language in LANGUAGES:
            missing = update(language)
            print(f"{language}: {missing} still to translate" if missing else f"{language}: complete")
        return 0
    if arguments == ["check"]:
        found = [line for language in LANGUAGES for line in problems(language)]
        for line in found[:40]:
            print(line)
        if found:
            print(f"{len(found)} problems in the catalogs; 'make translations' writes what can be written")
        return 1 if found else 0
    print("usage: python -m tools.catalogs update|check", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
