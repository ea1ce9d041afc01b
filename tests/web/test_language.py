"""All catalogs are read as one, and compiled when they are newer than what was compiled."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale, gettext, ngettext

from labtracker.web import language


def _write(path: Path, english: str, spanish: str) -> None:
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        f'msgid "{english}"\nmsgstr "{spanish}"\n',
        encoding="utf-8",
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    catalogs = tmp_path / "es" / "LC_MESSAGES"
    catalogs.mkdir(parents=True)
    _write(catalogs / "one.po", "cheese", "queso")
    _write(catalogs / "two.po", "bread", "pan")
    _write(catalogs / "phone_client.po", "milk", "leche")
    return tmp_path


def test_only_what_is_stale_is_compiled(folder: Path) -> None:
    assert len(language.compile_stale_catalogs(folder)) == 3
    assert language.compile_stale_catalogs(folder) == []
    source = folder / "es" / "LC_MESSAGES" / "one.po"
    later = source.with_suffix(".mo").stat().st_mtime + 5
    os.utime(source, (later, later))
    assert [path.name for path in language.compile_stale_catalogs(folder)] == ["one.mo"]
    assert not list(source.parent.glob("*.tmp"))


def test_several_catalogs_in_one_folder_are_read_as_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "TRANSLATIONS", folder)
    language.compile_stale_catalogs(folder)
    assert language.catalog_names() == ["one", "two"]
    small = Flask("small")
    language.install(small)
    with small.test_request_context(), force_locale("es_US"):
        assert (gettext("cheese"), gettext("bread"), gettext("milk")) == ("queso", "pan", "milk")


def test_spanish_knows_one_and_many(app: Flask) -> None:
    with app.test_request_context(), force_locale("es_US"):
        assert ngettext("%(num)s worker", "%(num)s workers", 1) == "1 trabajador"
        assert ngettext("%(num)s worker", "%(num)s workers", 8) == "8 trabajadores"
