"""What the guides name is there: commands, make targets, settings, routes and files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from labtracker.cli import import_lists, main
from labtracker.config import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
GUIDES = (
    ROOT / "README.md",
    ROOT / "benchmarks" / "README.md",
    *sorted(path for path in ROOT.glob("docs/*.md") if path.name != "routes.md"),
)
# Variables of make and of tools, and of the shell.
VARIABLES = {
    "LABTRACKER_CALENDARS",
    "CHROMIUM",
    "FIRST_SEED",
    "MUTANTS",
    "PATH",
    "PORT",
    "PYTEST",
    "PYTHON",
    "ROUNDS",
    "SEEDS",
    "UPGRADE",
}
# Words in capitals that are no variables: placeholders, formats, parts of SQL and HTTP.
NO_VARIABLES = {
    "FILE",
    "FOLDER",
    "ID",
    "NAME",
    "PASSWORD",
    "HOST",
    "USER",
    "JSON",
    "CSV",
    "XLSX",
    "POST",
    "GET",
}
ELSEWHERE = ("/etc/", "/opt/", "/var/", "/mnt/", "/usr/", "/path/", "/F`")

guides = pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))


def code_in(guide: Path) -> list[str]:
    """What stands in code: blocks, and pieces within sentences."""
    text = guide.read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.S | re.M)
    rest = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    return [*blocks, *re.findall(r"`([^`]+)`", rest)]


def targets() -> dict[str, bool]:
    """Make's targets for people, and whether `make help` lists each."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    rules = re.findall(r"^([a-z][a-z-]*):(?!=)(.*)$", makefile, re.M)
    return {name: "## " in rest for name, rest in rules}


@guides
def test_make_targets_exist(guide: Path) -> None:
    named = {name for code in code_in(guide) for name in re.findall(r"\bmake ([a-z][a-z-]+)", code)}
    assert named - {"git"} <= set(targets())


def test_make_help_lists_every_target() -> None:
    assert {"run", "test", "install-run", "routes"} <= set(targets())
    assert [name for name, is_listed in targets().items() if not is_listed] == []


@guides
def test_commands_exist(guide: Path) -> None:
    for code in code_in(guide):
        for name, further in re.findall(r"(?<!-u)(?:^|[\s/])labtracker ([a-z]+)(?: ([a-z]+))?", code):
            assert name in main.commands, code
            if name == "import" and further:
                assert further in import_lists.commands, code


@guides
def test_settings_exist(guide: Path) -> None:
    settings = {setting.name for setting in SETTINGS}
    named = {
        name
        for code in code_in(guide)
        for name in (*re.findall(r"\b([A-Z][A-Z_]{2,})=", code), *re.findall(r"^([A-Z][A-Z_]+)$", code))
    }
    assert named - NO_VARIABLES <= settings | VARIABLES


@guides
def test_files_exist(guide: Path) -> None:
    for code in code_in(guide):
        found = re.fullmatch(r"((?:labtracker|static|templates|tests|docs|tools|migrations)/[\w./-]*)", code)
        if found:
            assert (ROOT / found[1]).exists(), code


@guides
@pytest.mark.one_database
def test_routes_exist(guide: Path, migrated_app: Flask) -> None:
    rules = [re.sub(r"<[^>]*>", "<>", rule.rule) for rule in migrated_app.url_map.iter_rules()]
    for code in code_in(guide):
        found = re.fullmatch(r"(?:(?:GET|POST) )?(/[a-z][\w<>./-]*)", code)
        if found and not found[1].startswith(ELSEWHERE):
            assert re.sub(r"<[^>]*>", "<>", found[1]) in rules, code


def test_the_service_calls_the_command_where_set_up_puts_it() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    unit = re.search(r"```ini\n(.*?)```", text, re.S)
    assert unit
    lines = dict(line.split("=", 1) for line in unit[1].splitlines() if "=" in line)
    assert lines["ExecStart"] == f"{lines['WorkingDirectory']}/.venv/bin/labtracker serve"
    assert f'INSTANCE_DIR="{lines["ReadWritePaths"]}"' in text
    assert lines["EnvironmentFile"] in text.split("```ini", 1)[0]
