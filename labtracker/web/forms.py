"""What is wrong with a form, as a list that leads to its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from wtforms import Field, RadioField, SelectMultipleField
from wtforms.fields import FieldList, FormField
from wtforms.widgets import ListWidget

from labtracker.errors import DomainError


@dataclass(frozen=True)
class Problem:
    """One line of an error summary: the message, the input's id that it leads to, if any, and its label."""

    message: str
    id: str = ""
    label: str = ""


def install(app: Flask) -> None:
    """Give templates what the form macros ask for."""
    app.jinja_env.globals.update(form_problems=form_problems, is_choice_list=is_choice_list)


def refuse(form: Any, error: DomainError) -> None:
    """Put a service's refusal on the field it names, or on the form where it names none.

    After a change by somebody else the form carries the newest version, so that sending it once more is a
    decision made knowingly, and not refused for ever.
    """
    for name in ("version", "seen"):
        if name in error.details and name in form:
            form[name].data, form[name].raw_data = str(error.details[name]), None
    _show_saved(form, error.details.get("saved", {}))
    field = form._fields.get(error.field) if error.field else None
    if field is None or field.type in {"HiddenField", "CSRFTokenField"}:
        form.form_errors.append(error.message)
    else:
        field.errors = [*field.errors, error.message]


def _show_saved(form: Any, saved: Mapping[str, Any]) -> None:
    """Say beside each field what somebody else saved in it, where that is not what was typed."""
    for name, value in saved.items():
        field = form._fields.get(name)
        if field is not None and isinstance(value, str | int | None) and (field.data or None) != value:
            names = {choice.value: choice.label for choice in getattr(field, "choices", None) or ()}
            shown = names.get(value, value)
            field.errors = [*field.errors, _("Now saved here: %(value)s", value=shown or "–")]


def form_problems(form: Any) -> list[Problem]:
    """Everything that is wrong with a form, in the order of its fields, nested ones included."""
    problems = [Problem(str(message)) for message in form.form_errors]
    for field in form:
        problems.extend(_problems_of(field))
    return problems


def is_choice_list(field: Field) -> bool:
    """Whether a field is drawn as a list of radio buttons or checkboxes."""
    return isinstance(field, RadioField) or (
        isinstance(field, SelectMultipleField) and isinstance(field.widget, ListWidget)
    )


def _problems_of(field: Field) -> list[Problem]:
    if isinstance(field, FormField):
        return [problem for inner in field.form for problem in _problems_of(inner)]
    if isinstance(field, FieldList):
        own = [
            Problem(str(message), label=_label(field)) for message in field.errors if isinstance(message, str)
        ]
        return own + [problem for inner in field for problem in _problems_of(inner)]
    leads_to = "" if field.type in {"HiddenField", "CSRFTokenField"} else field.id
    if is_choice_list(field):
        first = next(iter(field), None)
        leads_to = first.id if first is not None else field.id
    return [Problem(str(message), leads_to, _label(field)) for message in field.errors]


def _label(field: Field) -> str:
    """The field's label as the beginning of a sentence; hidden fields have none that anybody has seen."""
    if field.type in {"HiddenField", "CSRFTokenField"}:
        return ""
    text = str(field.label.text)
    return text if text.endswith(("?", ":", ".")) else f"{text}:"
