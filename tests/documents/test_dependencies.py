"""Every library is explained once, and locks name versions and hashes, never a host."""

from __future__ import annotations

import json
import re
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Libraries that work without being imported by us, or under another's hand.
UNNAMED = {"defusedxml", "pillow", "psycopg", "setuptools", "tzdata"}
ROW = re.compile(r"^\| ([@\w/.-]+) \| (.+?) \| (.+?) \|$", re.M)
NAME = re.compile(r"^([A-Za-z][\w.-]*)", re.M)
# Folders with a package.json of their own: what is heavy and seldom needed is installed apart.
PACKAGES = (ROOT, ROOT / "benchmarks" / "lighthouse")
LOCKS = sorted([*ROOT.glob("requirements*.lock"), *(folder / "package-lock.json" for folder in PACKAGES)])
HOST = re.compile(
    r"\b(?:[a-z]+://|file:|git\+|localhost|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|dev|example)\b)"
)
OPTION = re.compile(r"^\s*--(?!hash=)", re.M)


def _asked_for() -> set[str]:
    names: set[str] = set()
    for path in ROOT.glob("requirements*.in"):
        names |= {name.lower() for name in NAME.findall(path.read_text())}
    return names.union(*(_pins(folder) for folder in PACKAGES))


def _pins(folder: Path) -> dict[str, str]:
    package = json.loads((folder / "package.json").read_text())
    return {**package["dependencies"], **package.get("devDependencies", {})}


def test_every_library_is_explained_and_none_that_is_not_there() -> None:
    rows = ROW.findall((ROOT / "docs" / "dependencies.md").read_text())
    explained = [name for name, _why, _saves in rows if name not in {"library", "---"}]
    assert len(explained) == len(set(explained))
    assert set(explained) == _asked_for()


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_locks_name_no_host(path: Path) -> None:
    text = path.read_text()
    assert HOST.findall(text) == []
    assert '"resolved"' not in text
    assert OPTION.findall(text) == []


@pytest.mark.parametrize(
    "path", [path for path in LOCKS if path.suffix == ".lock"], ids=lambda path: path.name
)
def test_every_pinned_version_has_hashes(path: Path) -> None:
    entries = re.split(r"\n(?=[a-z])", path.read_text().strip())
    assert entries
    for entry in entries:
        assert re.match(r"[\w.-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda path: path.name)
def test_npm_pins_exact_versions_with_integrity(folder: Path) -> None:
    for name, version in _pins(folder).items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
    lock = json.loads((folder / "package-lock.json").read_text())
    for name, entry in lock["packages"].items():
        assert not name or entry["integrity"].startswith("sha512-"), name


def test_both_python_locks_agree() -> None:
    pins = [
        dict(re.findall(r"^([\w.-]+)==(\S+)", path.read_text(), re.M))
        for path in LOCKS
        if path.suffix == ".lock"
    ]
    for one in pins:
        for other in pins:
            shared = one.keys() & other.keys()
            assert {name: one[name] for name in shared} == {name: other[name] for name in shared}


def test_every_library_that_running_needs_is_used() -> None:
    asked = {name.lower() for name in NAME.findall((ROOT / "requirements.in").read_text())}
    modules: dict[str, set[str]] = {}
    for module, distributions in packages_distributions().items():
        for distribution in distributions:
            modules.setdefault(distribution.lower().replace("_", "-"), set()).add(module)
    sources = "\n".join(path.read_text() for path in ROOT.glob("labtracker/**/*.py"))
    imported = set(re.findall(r"^\s*(?:from|import) (\w+)", sources, re.M))
    assert {name for name in asked - UNNAMED if not modules.get(name, set()) & imported} == set()
