"""What the documents say about rosters is so: the command's answer, its status, the limits."""

from __future__ import annotations

import json
import re
from pathlib import Path

from flask import Flask

from labtracker.roster.commands import import_roster
from labtracker.roster.reading import sheets
from labtracker.roster.rules.importing import MOST_AT_ONCE
from labtracker.roster.rules.matching import Verdict
from labtracker.roster.services.applying import PART

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "rosters.md").read_text()
README = (ROOT / "README.md").read_text()


def test_limits_are_those_of_the_program() -> None:
    megabytes = sheets.MAX_FILE_BYTES // (1024 * 1024)
    assert f"Up to {megabytes} MB, {sheets.MAX_ROWS:,} rows and {sheets.MAX_COLUMNS} columns." in GUIDE
    assert f"Up to {MOST_AT_ONCE} rows go in while one waits." in GUIDE
    assert f"{PART:,} in a transaction" in GUIDE


def test_every_verdict_is_explained() -> None:
    section = GUIDE.split("## Verdicts\n", 1)[1].split("\n## ", 1)[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.M) == [str(verdict) for verdict in Verdict]


def test_the_readme_shows_what_the_command_answers(app: Flask, tmp_path: Path) -> None:
    section = README.split("### A roster from a file\n", 1)[1].split("\n## ", 1)[0]
    sheet, answer = (re.findall(rf"```{kind}\n(.*?)```", section, re.S)[0] for kind in ("csv", "json"))
    file = tmp_path / "roster.csv"
    file.write_text(sheet)
    run = app.test_cli_runner().invoke(import_roster, [str(file), "--dry-run", "--json"])
    assert json.loads(run.stdout) == json.loads(answer)
    assert (run.exit_code, "exits with 0" in section) == (0, True)


def test_the_readme_tells_the_status(app: Flask, tmp_path: Path) -> None:
    section = README.split("### A roster from a file\n", 1)[1].split("\n## ", 1)[0]
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\xff\xd8\xff\xe0")
    runner = app.test_cli_runner()
    assert runner.invoke(import_roster, [str(picture), "--dry-run"]).exit_code == 1
    assert runner.invoke(import_roster, ["--sideways"]).exit_code == 2
    assert "with 1" in section
    assert "with 2" in section
