"""Which language a page speaks, and where its words come from.

Every slice has a catalog of its own name in ``labtracker/translations/<language>/LC_MESSAGES``; all of
them are read as one. Catalogs are kept as ``.po``; whatever is newer than its ``.mo`` is compiled when the
application starts, so nobody runs English by mistake after an edit.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response, g, has_request_context, request
from flask_babel import get_locale, refresh
from flask_login import current_user

from labtracker.extensions import babel

TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"
LANGUAGES = {"en": "English", "es": "Español"}
# Numbers, clocks and dates as people in the United States write them, in either language.
LOCALES = {"en": "en_US", "es": "es_US"}
COOKIE = "language"
YEAR = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Compile what is stale and tell Flask-Babel where words are and how to choose among them."""
    compile_stale_catalogs()
    domains = catalog_names() or ["web"]
    # Flask-Babel pairs each domain with a folder, so ours is named once for each.
    app.config["BABEL_DOMAIN"] = ";".join(domains)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join([str(TRANSLATIONS)] * len(domains))
    babel.__dict__.pop("domain_instance", None)
    babel.init_app(app, default_locale=LOCALES["en"], locale_selector=_locale)
    app.jinja_env.globals.update(language=language, languages=LANGUAGES)


def catalog_names() -> list[str]:
    """The names of all catalogs that some language has, except those the phone's client reads itself."""
    names = {path.stem for path in TRANSLATIONS.glob("*/LC_MESSAGES/*.po")}
    return sorted(name for name in names if not name.endswith("_client"))


def language() -> str:
    """The language being spoken now: ``en`` or ``es``."""
    locale = get_locale()
    return locale.language if locale is not None else "en"


def chosen_language() -> str:
    """What this request asks for: the person's own setting, then the choice kept here, then the browser's.

    A page that is somebody else's, such as a worker's badge, comes before them with ``speak``.
    """
    if not has_request_context():
        return "en"
    wishes = [g.get("spoken_language"), _setting_of_person(), request.cookies.get(COOKIE)]
    for wish in wishes:
        if wish in LANGUAGES:
            return str(wish)
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"


def speak(wish: str | None) -> None:
    """Speak a language for the rest of this request, unless one was chosen in this browser by its button."""
    if wish in LANGUAGES and request.cookies.get(COOKIE) not in LANGUAGES:
        g.spoken_language = wish
        refresh()


def keep(response: Response, chosen: str) -> Response:
    """Let this browser remember the language for a year."""
    response.set_cookie(COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
    return response


def _locale() -> str:
    return LOCALES[chosen_language()]


def _setting_of_person() -> str | None:
    # The page that says "something broke" asks nothing of the database.
    if g.get("plain_page") or not current_user or not current_user.is_authenticated:
        return None
    return current_user.person.language


def compile_stale_catalogs(folder: Path = TRANSLATIONS) -> list[Path]:
    """Compile each ``.po`` that is newer than its ``.mo``; gives what was written.

    Where the folder cannot be written, the catalogs must have been compiled before.
    """
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        if os.access(source.parent, os.W_OK):
            _compile(source, target)
            written.append(target)
    return written


def _compile(source: Path, target: Path) -> None:
    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parent.parent.name)
    # Several processes may start at once: each writes its own file, and the last one to finish stays.
    with tempfile.NamedTemporaryFile(dir=source.parent, suffix=".tmp", delete=False) as out:
        write_mo(out, catalog)
    os.replace(out.name, target)
