"""The client's few files are used as long as they are made from the modules that lie there, and no longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from labtracker import config
from labtracker.web import bundle


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """Two modules, and a bundle made from them."""
    for name, text in ((bundle.ENTRY, "import '../lib/dom.js';"), ("js/lib/dom.js", "// draws")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / bundle.BUNDLE).parent.mkdir(parents=True)
    (tmp_path / bundle.BUNDLE).write_text("// both")
    (tmp_path / bundle.WORKER).write_text("// reads badges")
    (tmp_path / bundle.PARTS).write_text('{"first": ["vendor/checkin/client.js"], "later": []}')
    (tmp_path / bundle.MADE_FROM).write_text(bundle.sources_digest(tmp_path))
    return tmp_path


def test_set_up_makes_it_from_the_modules_of_now() -> None:
    assert bundle.is_fresh(config.ROOT / "static"), "run: make install"


def test_it_is_used_while_its_modules_are_the_same(static: Path) -> None:
    assert bundle.is_fresh(static)


def test_what_is_seldom_wanted_lies_in_files_of_its_own() -> None:
    static = config.ROOT / "static"
    first, later = bundle.parts(static, "first"), bundle.parts(static, "later")
    assert bundle.BUNDLE in first
    assert any(Path(name).name.startswith("seldom-") for name in later)
    assert all((static / name).is_file() for name in (*first, *later))
    drawing_codes = "lean-qr error"
    assert not any(drawing_codes in (static / name).read_text(encoding="utf-8") for name in first)
    assert any(drawing_codes in (static / name).read_text(encoding="utf-8") for name in later)


@pytest.mark.parametrize(
    ("name", "text"),
    [(bundle.ENTRY, "// changed"), ("js/checkin/ui/scan.js", "// new"), ("js/lib/dom.js", None)],
    ids=["changed", "added", "taken away"],
)
def test_other_modules_make_it_old(static: Path, name: str, text: str | None) -> None:
    module = static / name
    module.parent.mkdir(parents=True, exist_ok=True)
    if text is None:
        module.unlink()
    else:
        module.write_text(text)
    assert not bundle.is_fresh(static)


@pytest.mark.parametrize("name", [bundle.BUNDLE, bundle.WORKER, bundle.PARTS, bundle.MADE_FROM])
def test_without_one_of_its_parts_it_is_none(static: Path, name: str) -> None:
    (static / name).unlink()
    assert not bundle.is_fresh(static)
