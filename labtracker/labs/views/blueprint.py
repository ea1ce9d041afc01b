"""The blueprint that every screen of this slice hangs on, and what its screens share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.labs.models import Course, Lab, Worksite
from labtracker.web.forms import refuse

blueprint = Blueprint("labs", __name__)


@dataclass(frozen=True)
class Meanwhile:
    """One field that somebody else changed while an editor was typing."""

    label: str
    saved: str
    typed: str


def tabs(actor: Person, current: str) -> list[dict[str, Any]]:
    """The lists of this slice that somebody may open, as chips above each of them."""
    lists = [("labs", _("Labs")), ("courses", _("Courses")), ("worksites", _("Worksites"))]
    if not actor.has(Role.COORDINATOR, Role.TRAINER):
        lists = lists[1:]
    return [
        {"label": label, "url": url_for(f"labs.{name}"), "current": name == current} for name, label in lists
    ]


def explain_refusal(
    form: Any, row: Lab | Course | Worksite | None, error: DomainError, saved: dict[str, Any]
) -> list[Meanwhile]:
    """Put a refusal into the form; after a change by somebody else, list what is saved and what was typed.

    The form then carries the newest version, so that saving once more is a decision made knowingly.
    """
    refuse(form, error)
    if error.code != "changed_meanwhile" or row is None:
        return []
    form.version.data = str(row.version)
    form.version.raw_data = None
    return [
        Meanwhile(str(field.label.text), _words(saved[field.name], field), _words(field.data, field))
        for field in form
        if field.name in saved and field.type != "FieldList" and _differs(saved[field.name], field.data)
    ]


def _differs(saved: Any, typed: Any) -> bool:
    return (saved or None) != (typed or None)


def _words(value: Any, field: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    names = {choice.value: choice.label for choice in getattr(field, "choices", None) or ()}
    if isinstance(value, list):
        return ", ".join(str(names.get(one, one)) for one in value) or "–"
    if names:
        return str(names.get(value, value))
    return "–" if value in (None, "") else str(value)
