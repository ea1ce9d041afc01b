"""No Social Security number comes in by a form or an address: it is taken out before any page sees it.

What was typed beside it stays, the field says why, and nothing is saved until the form is sent again. A
search is asked again without it, so that it stays in no address. Rosters are read elsewhere, which drops such
columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import Flask, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from labtracker.errors import DomainError
from labtracker.kit.ssn import looks_like_bare_ssn, looks_like_ssn, without_ssn

TAKEN_OUT = _l(
    "This looks like a Social Security number. It was taken out and not kept: we never need one. "
    "Another number of nine digits can be written with a letter in front."
)
# What nobody reads as text: tokens and passwords. A pasted roster is cleaned by its reader, column by column.
NOT_TEXT = frozenset({"csrf_token", "password", "old_password", "new_password", "pasted"})
# Cells of a roster that are typed anew, which are refused one by one and leave the others be.
CELLS = "fix-"
# Nine digits in a row are usual here: an employer's tax number, ZIP+4 without its dash, a plate.
NINE_DIGITS = frozenset({"fein", "zip", "home_zip", "plate"})


def install(app: Flask) -> None:
    """Look at every request to a page; the API of phones refuses by itself."""
    app.before_request(take_out)
    app.jinja_env.globals["no_ssn"] = TAKEN_OUT


def take_out() -> ResponseReturnValue | None:
    """Take such numbers out of what was typed, and remember under which names they stood."""
    if request.path.startswith("/api/"):
        return None
    asked, in_address = _without(request.args)
    if in_address and request.url_rule is not None and request.method == "GET":
        flash(str(TAKEN_OUT), "refused")
        return redirect(f"{request.path}?{urlencode(list(asked.items(multi=True)))}", 303)
    request.args = ImmutableMultiDict(asked)
    typed, names = _without(request.form)
    if names:
        request.form = ImmutableMultiDict(typed)
        g.ssn_in = names
    return None


def refused_names() -> frozenset[str]:
    """Under which names of this request such a number stood."""
    return g.get("ssn_in", frozenset())


def refuse_to_keep() -> None:
    """Raise DomainError where a number was taken out of what is about to be saved and no form said so."""
    if refused_names():
        raise DomainError("ssn_removed", str(TAKEN_OUT), status=422)


def tell_in(form: Any) -> bool:
    """Say at each field that held such a number why it is not there any more; whether there was one."""
    told = [field for field in _fields_of(form) if field.name in refused_names()]
    for field in told:
        field.errors = [*field.errors, TAKEN_OUT]
    return bool(told)


def _fields_of(form: Any) -> Iterator[Any]:
    for field in form:
        if field.type == "FieldList":
            yield from _fields_of(field)
        elif field.type == "FormField":
            yield from _fields_of(field.form)
        else:
            yield field


def _without(told: MultiDict[str, str]) -> tuple[MultiDict[str, str], frozenset[str]]:
    names = frozenset(name for name, value in told.items(multi=True) if _is_one(name, value))
    if not names:
        return told, names
    kept = [(name, without_ssn(value) if name in names else value) for name, value in told.items(multi=True)]
    return MultiDict(kept), names


def _is_one(name: str, value: str) -> bool:
    if name in NOT_TEXT or name.startswith(CELLS) or not looks_like_ssn(value):
        return False
    return not (name in NINE_DIGITS and looks_like_bare_ssn(value))
