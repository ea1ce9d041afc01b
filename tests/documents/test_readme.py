"""What the README says about commands and settings is so, and is all."""

from __future__ import annotations

import re
from pathlib import Path

from labtracker.accounts.cast import CAST
from labtracker.cli import main
from labtracker.config import ROOT as PROJECT
from labtracker.config import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def _rows(heading: str) -> list[list[str]]:
    section = README.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_make_target_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"\bmake ([a-z-]+)", "\n".join(re.findall(r"`[^`]+`|```.+?```", README, re.S))))
    assert {"run", "test"} <= named
    assert named <= targets


def test_settings_table_is_the_list_of_settings() -> None:
    table = {row[0].strip("`"): (row[1].strip("`"), row[2]) for row in _rows("Settings")}
    settings = {}
    for setting in SETTINGS:
        default = "" if setting.default in ((), "") else str(setting.default)
        settings[setting.name] = (default.removeprefix(f"{PROJECT}/"), setting.meaning)
    assert table == settings


def test_every_command_is_documented() -> None:
    documented = {
        row[0].strip("`").removeprefix("labtracker ").split()[0] for row in _rows("The first real day")
    }
    assert set(main.commands) == documented


def test_links_between_documents_lead_somewhere() -> None:
    documents = [
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("*/README.md"),
    ]
    links = [
        (path, target)
        for path in documents
        for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)", path.read_text())
        if not re.match(r"[a-z]+:", target)
    ]
    assert links
    assert [f"{path}: {target}" for path, target in links if not (path.parent / target).exists()] == []


def test_the_tour_meets_people_whom_the_demo_has() -> None:
    tour = README.split("## A tour of the demo\n", 1)[1].split("\n## ", 1)[0]
    met = set(re.findall(r"\*\*(\w+)(?:,| again)", tour))
    assert len(met) >= 4
    assert met <= {member.name.split()[0] for member in CAST}


def test_every_document_can_be_found_from_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text()
    named = set(re.findall(r"\]\(([a-z-]+\.md)\)", index))
    assert named == {path.name for path in ROOT.glob("docs/*.md")} - {"README.md"}
