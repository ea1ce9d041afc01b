"""Make the lock files anew: `make lock`. They name versions and hashes, never a host.

Python's locks come from uv, npm's from npm; npm adds addresses of sponsors, which are taken out again.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NPM_FOLDERS = (ROOT, ROOT / "benchmarks" / "lighthouse")
PYTHON_LOCKS = ("requirements", "requirements-dev", "requirements-node", "requirements-postgresql")


def lock_python(name: str, *, upgrade: bool) -> None:
    """Pin what NAME.in asks for, with the hashes of every file of each version, for every platform."""
    command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", f"{name}.in"]
    command += ["--output-file", f"{name}.lock", "--quiet", "--no-config", "--universal"]
    command += ["--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]
    subprocess.run([*command, *(["--upgrade"] if upgrade else [])], cwd=ROOT, check=True)


def lock_npm(folder: Path) -> None:
    """Pin what a folder's package.json asks for, without addresses."""
    command = [str(ROOT / "tools" / "node"), "npm", "install"]
    command += ["--package-lock-only", "--ignore-scripts", "--loglevel=error"]
    subprocess.run(command, cwd=folder, check=True)
    path = folder / "package-lock.json"
    lock = json.loads(path.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Lock everything; `--upgrade` takes the newest versions that the .in files allow."""
    for name in PYTHON_LOCKS:
        lock_python(name, upgrade="--upgrade" in sys.argv)
    for folder in NPM_FOLDERS:
        lock_npm(folder)


if __name__ == "__main__":
    main()
