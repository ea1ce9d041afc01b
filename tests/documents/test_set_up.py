"""Set-up mends what was interrupted, moved or deleted, and says what to do where it cannot go on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STAMPS = ("venv", "python", "project", "node", "npm", "vendor")


def run(*command: str | Path, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def script(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return path


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder, with a space and an accent in its name, in which set-up has come to its end."""
    folder = tmp_path / "Año 2026"
    folder.mkdir()
    for name in ("Makefile", "requirements.lock", "requirements-node.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    for name in ("package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, folder)
    for name in ("tools/browser_files.py", "static/icons.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    script(folder / ".venv/bin/python")
    (folder / ".venv/pyvenv.cfg").write_text(f"command = python3 -m venv --clear {folder}/.venv\n")
    for name in ("node_modules", "static/vendor", ".stamps"):
        (folder / name).mkdir()
    for number, name in enumerate(STAMPS):
        (folder / ".stamps" / name).touch()
        # Later than all that they were made from, and one after the other.
        os.utime(folder / ".stamps" / name, times=(4e9 + number, 4e9 + number))
    return folder


def planned(place: Path) -> str:
    plan = run("make", "--dry-run", "--no-print-directory", "install-run", folder=place)
    assert plan.returncode == 0, plan.stderr
    return plan.stdout


def test_what_is_set_up_is_not_done_again(place: Path) -> None:
    assert "Nothing to be done" in planned(place)


def test_a_deleted_environment_is_made_again_with_all_in_it(place: Path) -> None:
    shutil.rmtree(place / ".venv")
    plan = planned(place)
    assert "-m venv --clear .venv" in plan
    assert "-r requirements.lock" in plan
    assert "--editable ." in plan


def test_an_environment_whose_python_is_gone_is_made_again(place: Path) -> None:
    (place / ".venv/bin/python").unlink()
    (place / ".venv/bin/python").symlink_to(place / "gone")
    assert "-m venv --clear .venv" in planned(place)


def test_a_folder_that_was_moved_is_set_up_anew(place: Path) -> None:
    moved = place.rename(place.parent / "elsewhere")
    assert "-m venv --clear .venv" in planned(moved)


def test_deleted_browser_files_are_made_again(place: Path) -> None:
    shutil.rmtree(place / "static/vendor")
    plan = planned(place)
    assert "-m tools.browser_files" in plan
    assert "npm ci" not in plan
    shutil.rmtree(place / "node_modules")
    assert "npm ci" in planned(place)


def test_a_broken_download_is_tried_again(tmp_path: Path) -> None:
    flaky = script(
        tmp_path / "flaky", f'echo try >>"{tmp_path}/tries"', f'test -e "{tmp_path}/ready" && exit 0'
    )
    with flaky.open("a") as more:
        more.write(f'touch "{tmp_path}/ready"; echo broken off >&2; exit 1\n')
    done = run(ROOT / "tools/download", "Getting it", flaky)
    assert done.returncode == 0
    assert done.stdout == "Getting it\n"
    assert done.stderr == ""
    assert (tmp_path / "tries").read_text().count("try") == 2


def test_a_download_that_fails_twice_says_what_to_do(tmp_path: Path) -> None:
    away = script(tmp_path / "away", "echo no such host >&2", "exit 7")
    done = run(ROOT / "tools/download", "Getting it", away)
    assert done.returncode == 7
    assert "no such host" in done.stderr
    assert "run the same command again" in done.stderr


@pytest.mark.parametrize(
    ("lines", "advice"),
    [
        (('case "$2" in *"%d.%d"*) echo 3.9;; *) exit 1;; esac',), "PYTHON=python3.12 make run"),
        (('case "$2" in *ensurepip*) exit 1;; esac', "echo 3.11"), "sudo apt install python3-venv"),
    ],
    ids=["too-old", "without-venv"],
)
def test_a_python_that_will_not_do(tmp_path: Path, lines: tuple[str, ...], advice: str) -> None:
    done = run(ROOT / "tools/python-check", script(tmp_path / "python3", *lines))
    assert done.returncode == 1
    assert advice in done.stderr


def test_no_python_and_a_good_one() -> None:
    done = run(ROOT / "tools/python-check", "no-such-python")
    assert done.returncode == 1
    assert "sudo apt install python3 python3-venv" in done.stderr
    assert run(ROOT / "tools/python-check", sys.executable).returncode == 0


def test_npm_keeps_its_cache_here_where_the_home_folder_is_closed(tmp_path: Path) -> None:
    script(tmp_path / "bin/node", "exit 0")
    script(tmp_path / "bin/npm", 'echo "cache: ${npm_config_cache:-at home} $*"')
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    closed = run(tmp_path / "tools/node", "npm", "ci", HOME="/proc/nobody", PATH=path)
    assert closed.stdout == f"cache: {tmp_path}/.stamps/npm-cache ci\n"
    opened = run(tmp_path / "tools/node", "npm", "ci", HOME=str(tmp_path), PATH=path)
    assert opened.stdout == "cache: at home ci\n"
