"""Every sentence has its Spanish, and no catalog holds what is no longer said."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages import Catalog

from labtracker import config
from tools import translations

GLOSSARY = config.ROOT / "labtracker" / "translations" / "README.md"


def banned_words() -> Iterator[tuple[str, re.Pattern[str], list[str]]]:
    """From the glossary: the English, what may not stand for it, and what only looks like that."""
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| ") or len(cells) != 3 or cells[0] in {"English", "---"}:
            continue
        for word in filter(None, (part.strip() for part in re.split("[,;]", cells[2]))):
            banned, _bracket, other = word.rstrip(")").partition(" (")
            ending = r"\w*" if banned.endswith("*") else ""
            pattern = re.compile(rf"\b{re.escape(banned.rstrip('*'))}{ending}\b", re.IGNORECASE)
            yield cells[0], pattern, other.split("/") if other else []


def offences(sentence: str) -> list[str]:
    """The English words for which another Spanish word stands in the sentence than the glossary's."""
    return [
        english
        for english, pattern, others in banned_words()
        if pattern.search(
            re.sub("|".join(map(re.escape, others)) or r"\Z", "", sentence, flags=re.IGNORECASE)
        )
    ]


def test_one_spanish_word_stands_for_one_thing() -> None:
    found = [
        f"{path.stem}: {said!r}: another word for {', '.join(wrong)}"
        for path in sorted(translations.FOLDER.glob("*.po"))
        for message in translations._read(path)
        if message.id
        for said in (message.string if isinstance(message.string, tuple) else (message.string,))
        if (wrong := offences(str(said)))
    ]
    assert not found, "see the glossary in labtracker/translations/README.md:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("sentence", "english"),
    [
        ("Elija un sitio de trabajo.", ["worksite"]),
        ("Elija uno de los Sitios.", ["worksite"]),
        ("Elija un lugar de trabajo; vea el sitio web.", []),
        ("Las cohortes y sus alumnos.", ["worker", "cohort"]),
        ("Confirme los días.", []),
    ],
)
def test_the_glossary_is_read_as_it_is_meant(sentence: str, english: list[str]) -> None:
    assert offences(sentence) == english


def test_every_sentence_has_its_spanish() -> None:
    problems = list(translations.all_problems())
    assert not problems, "run `make translations` and translate:\n" + "\n".join(problems)


def test_what_is_missing_stale_or_unsure_is_named() -> None:
    template, catalog = Catalog(locale="es"), Catalog(locale="es")
    template.add("bread")
    template.add(("%(num)s loaf", "%(num)s loaves"))
    catalog.add(("%(num)s loaf", "%(num)s loaves"), ("%(num)s pan", ""))
    bread, loaves = (message for message in template if message.id)
    assert translations._fault(bread, catalog) == "not in the catalog"
    assert translations._fault(loaves, catalog) == "not translated"
    catalog.add("bread", "pan", flags=["fuzzy"])
    assert translations._fault(bread, catalog) == "unsure"
    catalog.add("bread", "pan")
    found = catalog.get("bread")
    assert found
    found.flags.discard("fuzzy")
    assert translations._fault(bread, catalog) is None
    found.string = "El pan está en la mesa.El pan está en la mesa."
    assert translations._fault(bread, catalog) == "said twice over"
