"""Every sentence has its Spanish, and no catalog holds what is no longer said."""

from __future__ import annotations

from babel.messages import Catalog

from tools import translations


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
