"""What lies in the repository is ours, and no file is too long to read."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
THIRD_PARTY = re.compile(
    r"(^|/)(node_modules|vendor|site-packages)/|\.(min\.js|min\.css|wasm|woff2?|ttf|otf|whl|tgz|so|mo|map)$"
)
LICENCE = re.compile(r"@license|@preserve|SPDX-License-Identifier|Copyright \(c\)", re.I)
CODE = {".py", ".js", ".css", ".html", ".sh"}
LONGEST = 300
# Tests are read one at a time, so their files may be longer.
LONGEST_TEST = 500
# Tables of facts may be long; nothing else may.
LONG: frozenset[str] = frozenset()


def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_nothing_of_a_third_party_is_tracked() -> None:
    tracked = _tracked()
    assert "pyproject.toml" in tracked
    assert [name for name in tracked if THIRD_PARTY.search(name)] == []
    ours = [name for name in tracked if Path(name).suffix in CODE and not name.startswith("tests/documents/")]
    assert [name for name in ours if LICENCE.search((ROOT / name).read_text())] == []


def test_no_file_is_too_long_to_read() -> None:
    code = [name for name in _tracked() if Path(name).suffix in CODE and name not in LONG]
    lengths = {name: (ROOT / name).read_text().count("\n") for name in code}
    allowed = {name: LONGEST_TEST if name.startswith("tests/") else LONGEST for name in code}
    assert {name: length for name, length in lengths.items() if length > allowed[name]} == {}
