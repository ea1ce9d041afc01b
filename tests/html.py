"""What html-validate says of pages; it runs in Node, from node_modules."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from labtracker import config

PROGRAM = config.ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
WRAPPER = config.ROOT / "tools" / "node"


def is_there() -> bool:
    """Whether Node and html-validate are installed."""
    return PROGRAM.is_file() and (WRAPPER.is_file() or shutil.which("node") is not None)


def faults_in(pages: Mapping[str, str], folder: Path) -> list[str]:
    """One line for each fault in any of the pages; the pages are kept in ``folder`` to look at."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, html in pages.items():
        (folder / f"{re.sub(r'[^A-Za-z0-9]+', '_', name)}.html").write_text(html, encoding="utf-8")
    report = folder / "report.json"
    node = shutil.which("node") or str(WRAPPER)
    rules = config.ROOT / ".htmlvalidate.json"
    done = subprocess.run(
        [node, str(PROGRAM), "--config", str(rules), "--formatter", f"json={report}", f"{folder}/*.html"],
        capture_output=True,
        text=True,
        check=False,
    )
    if not report.is_file():
        raise RuntimeError(done.stderr)
    return [
        f"{Path(file['filePath']).name}:{fault['line']}: {fault['ruleId']}: {fault['message']}"
        for file in json.loads(report.read_text(encoding="utf-8"))
        for fault in file["messages"]
    ]
