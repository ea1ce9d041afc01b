"""Fill static/vendor from node_modules: what browsers load that is not ours, and the icons in use.

Run by `make`; run it by hand as `python -m tools.browser_files` after `npm ci`. With `--check` it changes
nothing and names the icons that somebody asks for and nobody has drawn.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labtracker.web.bundle import BUNDLE, ENTRY, MADE_FROM, PARTS, WORKER, WORKER_ENTRY, sources_digest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"

# Package file -> place under static/vendor. zxing's reader imports ../share.js, so it keeps its folder.
FILES = {
    "idb/build/index.js": "idb/index.js",
    "idb/LICENSE": "idb/LICENSE",
    "lean-qr/index.mjs": "lean-qr/index.js",
    "lean-qr/LICENSE": "lean-qr/LICENSE",
    "zxing-wasm/dist/es/reader/index.js": "zxing-wasm/reader/index.js",
    "zxing-wasm/dist/es/share.js": "zxing-wasm/share.js",
    "zxing-wasm/dist/reader/zxing_reader.wasm": "zxing-wasm/reader/zxing_reader.wasm",
    "zxing-wasm/LICENSE": "zxing-wasm/LICENSE",
    "us-atlas/counties-albers-10m.json": "us-atlas/counties-albers-10m.json",
    "us-atlas/states-albers-10m.json": "us-atlas/states-albers-10m.json",
    "us-atlas/LICENSE": "us-atlas/LICENSE",
    "lucide-static/LICENSE": "lucide/LICENSE",
}

ASKED_FOR = re.compile(r"""\bicon\((["'])([a-z0-9-]+)\1""")
LITERAL = re.compile(r"""(["'`])([a-z][a-z0-9-]*)\1|#([a-z][a-z0-9-]*)["'`]""")


def icons_in(text: str) -> set[str]:
    """Literals of a source file that can be names of icons.

    With a hyphen any literal can be one; a plain word such as "user" only where its line speaks of icons.
    """
    found = set()
    for line in text.splitlines():
        speaks_of_icons = "icon" in line.lower() or "sprite" in line
        for match in LITERAL.finditer(line):
            name = match[2] or match[3]
            if "-" in name or speaks_of_icons:
                found.add(name)
    return found


def sources() -> Iterator[Path]:
    """Files that may name an icon."""
    for folder, pattern in (("templates", "*.html"), ("static/js", "*.js"), ("labtracker", "*.py")):
        yield from sorted((ROOT / folder).rglob(pattern))


def is_drawn(name: str) -> bool:
    """Whether there is an icon of that name."""
    return (PACKAGES / "lucide-static" / "icons" / f"{name}.svg").exists()


def undrawn() -> list[str]:
    """Where an icon is asked for by a name that no icon has."""
    return [
        f"{path.relative_to(ROOT)}: there is no icon named {match[2]!r}"
        for path in sources()
        for match in ASKED_FOR.finditer(path.read_text(encoding="utf-8"))
        if not is_drawn(match[2])
    ]


def icons_in_use() -> set[str]:
    """Names of the icons that templates, scripts and Python speak of, and those of static/icons.txt."""
    found: set[str] = set()
    for path in sources():
        found |= icons_in(path.read_text(encoding="utf-8"))
    listed = ROOT / "static" / "icons.txt"
    if listed.exists():
        lines = listed.read_text(encoding="utf-8").splitlines()
        found |= {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    return {name for name in found if is_drawn(name)}


def sprite(names: set[str]) -> str:
    """One SVG file with a symbol for each icon, to be drawn by `<use href="sprite.svg#name">`."""
    symbols = []
    for name in sorted(names):
        source = (PACKAGES / "lucide-static" / "icons" / f"{name}.svg").read_text(encoding="utf-8")
        drawing = source[source.index(">", source.index("<svg")) + 1 : source.rindex("</svg>")]
        lines = "".join(line.strip() for line in drawing.splitlines())
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
            f'stroke-linecap="round" stroke-linejoin="round">{lines}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def write_if_changed(path: Path, content: bytes) -> None:
    """Write the file unless it holds that already, so that nothing built from it is built anew."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def bundle() -> None:
    """Put the client's modules into few files, and note which they are and what they were made from."""
    bundle_worker()
    folder = (STATIC / BUNDLE).parent
    with tempfile.TemporaryDirectory() as notes:
        described = Path(notes) / "meta.json"
        program = [ROOT / "tools" / "node", PACKAGES / "esbuild" / "bin" / "esbuild", STATIC / ENTRY]
        command = [*map(str, program), f"--outdir={folder}", f"--entry-names={Path(BUNDLE).stem}"]
        command += ["--chunk-names=[name]-[hash]", "--bundle", "--splitting", "--minify", "--sourcemap"]
        command += ["--format=esm", "--target=es2022", "--log-level=warning", f"--metafile={described}"]
        subprocess.run(command, check=True, cwd=ROOT)
        made = json.loads(described.read_text(encoding="utf-8"))["outputs"]
    first, later = first_and_later(made)
    kept = {Path(name).name for name in (*first, *later, WORKER)}
    for path in folder.glob("*.js*"):
        if path.name.partition(".js")[0] + ".js" not in kept:
            path.unlink()
    write_if_changed(STATIC / PARTS, json.dumps({"first": first, "later": later}).encode())
    write_if_changed(STATIC / MADE_FROM, sources_digest(STATIC).encode())


def bundle_worker() -> None:
    """Put the modules of the worker that reads badges into one file."""
    program = [ROOT / "tools" / "node", PACKAGES / "esbuild" / "bin" / "esbuild", STATIC / WORKER_ENTRY]
    command = [*map(str, program), f"--outfile={STATIC / WORKER}", "--bundle", "--minify", "--sourcemap"]
    command += ["--format=esm", "--target=es2022", "--log-level=warning"]
    subprocess.run(command, check=True)


def first_and_later(made: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Files that the client's start needs, and the others, as esbuild describes what it made."""
    scripts = {name for name in made if name.endswith(".js")}
    first: set[str] = set()
    wanted = [f"static/{BUNDLE}"]
    while wanted:
        name = wanted.pop()
        first.add(name)
        at_once = [one["path"] for one in made[name]["imports"] if one["kind"] == "import-statement"]
        wanted += [path for path in at_once if path not in first]
    below = [sorted(name.removeprefix("static/") for name in some) for some in (first, scripts - first)]
    return below[0], below[1]


def pack() -> None:
    """Pack what browsers fetch as tightly as can be: done once here, it costs the server nothing."""
    fetched = [path for path in sorted(VENDOR.rglob("*")) if path.suffix in {".js", ".wasm", ".svg"}]
    stale = [path for path in fetched if not _is_newer(path.with_name(f"{path.name}.br"), path)]
    if stale:
        subprocess.run([ROOT / "tools" / "node", ROOT / "tools" / "pack.mjs", *stale], check=True)


def _is_newer(made: Path, source: Path) -> bool:
    return made.exists() and made.stat().st_mtime_ns >= source.stat().st_mtime_ns


def main() -> int:
    """Copy the files, draw the sprite, bundle, pack, and say how many files and icons there are."""
    if not (PACKAGES / "idb").exists():
        print("node_modules is missing; run 'make install'", file=sys.stderr)
        return 1
    if "--check" in sys.argv:
        print("\n".join(undrawn()))
        return 1 if undrawn() else 0
    for source, target in FILES.items():
        write_if_changed(VENDOR / target, (PACKAGES / source).read_bytes())
    names = icons_in_use()
    write_if_changed(VENDOR / "lucide" / "sprite.svg", sprite(names).encode())
    bundle()
    pack()
    print(f"static/vendor: {len(FILES)} files and {len(names)} icons")
    return 0


if __name__ == "__main__":
    sys.exit(main())
