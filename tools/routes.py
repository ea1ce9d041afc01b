"""Write docs/routes.md: every route, by slice, with who may call it and what it is for. `make routes`

What a route is for is the first line of its view's docstring; who may call it is what its decorator says.
"""

from __future__ import annotations

import inspect
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from labtracker.app import create_app

PAGE = Path(__file__).resolve().parent.parent / "docs" / "routes.md"
HEAD = """# Every route

Written by `make routes` from the code; a test compares. *Who* is what the route itself asks for. Which rows
somebody then sees is decided by the query that the view loads with: what is not yours is a 404, as if it did
not exist.

- *everybody*: no account is needed.
- *whoever has the link*: the address holds a secret, mailed or printed for one person.
- *the worker, by their own link*: a browser in which a worker opened their page by a link that works once.
- *a paired phone*: a program that shows the token it got when it was paired.
- *the demo*: there is no such page outside it.
- *signed in*: anybody with an account. Otherwise the roles are named; an administrator is a coordinator, too.
"""
EVERYBODY = "everybody"


def routes_of(app: Flask) -> dict[str, list[tuple[str, str, str, str]]]:
    """Slice to its routes, each as path, methods, who, what; in the order of their paths."""
    found: dict[str, list[tuple[str, str, str, str]]] = defaultdict(list)
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        view = app.view_functions[rule.endpoint]
        methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        found[_slice_of(view)].append((rule.rule, methods, _who(rule, view), _what(rule, view)))
    return found


def page() -> str:
    """The whole page as text."""
    routes = routes_of(create_app(SECRET_KEY="not kept, not used"))  # noqa: S106 - signs nothing
    return "\n".join([HEAD, *_sections(routes)])


def _sections(routes: dict[str, list[tuple[str, str, str, str]]]) -> Iterator[str]:
    for name in sorted(routes):
        yield f"## {name}\n"
        yield "| path | methods | who | what |"
        yield "| --- | --- | --- | --- |"
        for path, methods, who, what in routes[name]:
            shown = path.replace("|", "\\|")
            yield f"| `{shown}` | {methods} | {who} | {what} |"
        yield ""


def _slice_of(view: Callable[..., Any]) -> str:
    module = inspect.unwrap(view).__module__.split(".")
    return module[1] if module[0] == "labtracker" else "web"


def _who(rule: Rule, view: Callable[..., Any]) -> str:
    layer: Any = view
    while layer is not None:
        if hasattr(layer, "roles"):
            return ", ".join(layer.roles)
        if layer.__code__.co_qualname.startswith("login_required."):
            return "signed in"
        layer = getattr(layer, "__wrapped__", None)
    if rule.endpoint.startswith("api."):
        return "a paired phone"
    if rule.rule.startswith(("/demo", "/outbox")):
        return "the demo"
    return "whoever has the link" if {"secret", "badge_id"} & rule.arguments else EVERYBODY


def _what(rule: Rule, view: Callable[..., Any]) -> str:
    if rule.endpoint == "static":
        return "A file of style, script or image."
    return (inspect.getdoc(inspect.unwrap(view)) or "").split("\n", 1)[0]


def main() -> int:
    """Write the page and say how many routes it names."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"docs/routes.md: {PAGE.read_text(encoding='utf-8').count('| `')} routes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
