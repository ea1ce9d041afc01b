"""How a row of a CSV file becomes a lab, a course or a worksite.

Each row goes through the form that the page uses, so a file and a page are held to the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from labtracker.accounts.models import Organization, Person
from labtracker.extensions import db
from labtracker.labs.forms import CourseForm, LabForm, WorksiteForm, needs_as_typed, typed_of
from labtracker.labs.models import Course, Lab, Worksite
from labtracker.labs.queries import (
    active_courses,
    details_of_course,
    details_of_lab,
    details_of_worksite,
    labs_editable_by,
    organizations_with_worksites,
    worksites_editable_by,
)
from labtracker.labs.rules.needs import PROFILE, Kind
from labtracker.labs.services.courses import add_course, change_course
from labtracker.labs.services.labs import add_lab, change_lab
from labtracker.labs.services.worksites import add_worksite, change_worksite
from labtracker.web.fields import choose_from

Cells = Mapping[str, str]
YES = {"yes", "y", "true", "1", "x", "si", "sí"}
NO = {"no", "n", "false", "0"}


class RowProblemError(ValueError):
    """What is wrong with one row, in words."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Target:
    """One kind of list: its columns, how its rows are found again, read and written."""

    columns: tuple[str, ...]
    needed: tuple[str, ...]
    name_of: Callable[[Cells], str]
    find: Callable[[Cells, Person], sa.Select[Any]]
    details: Callable[[Cells, Any, Person], Any]
    add: Callable[..., Any]
    change: Callable[..., list[str]]


def _find_lab(cells: Cells, actor: Person) -> sa.Select[Any]:
    named = sa.func.lower(Lab.name) == cells.get("name", "").lower()
    return labs_editable_by(actor).where(named).order_by(Lab.retired_at.is_not(None))


def _lab(cells: Cells, existing: Lab | None, actor: Person) -> Any:
    stored = _values(LabForm) if existing is None else vars(details_of_lab(existing))
    stored["courses"] = [] if existing is None else [course.id for course in existing.courses]
    stored.update(needs_as_typed(stored.pop("needs", None)))
    entries = {**stored, **_told(cells, LabForm, existing and "name"), **_needs(cells)}
    for column, name in (("generator", "has_generator"), ("water", "needs_water")):
        if cells.get(column):
            entries[name] = _yes_or_no(cells[column])
    codes = {course.code.lower(): course.id for course in db.session.scalars(active_courses())}
    if cells.get("courses"):
        wanted = _list(cells["courses"])
        unknown = [code for code in wanted if code.lower() not in codes]
        if unknown:
            raise RowProblemError(
                ngettext("There is no course %(codes)s.", "There are no courses %(codes)s.", len(unknown),
                         codes=", ".join(unknown))
            )  # fmt: skip
        entries["courses"] = [codes[code.lower()] for code in wanted]
    form = LabForm(formdata=_formdata(entries), meta={"csrf": False})
    choose_from(form.courses, [(id_, "") for id_ in {*codes.values(), *stored["courses"]}])
    return _sound(form)


def _needs(cells: Cells) -> dict[str, Any]:
    """What a row says of a lab's needs: figures, choices, and in ``needs`` what it just needs."""
    told: dict[str, Any] = {}
    for item in PROFILE:
        if item.kind is not Kind.YES and (cell := cells.get(item.key)):
            told[f"need_{item.key}"] = _list(cell.lower()) if item.kind is Kind.ONE_OF else cell
    if cells.get("needs"):
        told["need_yes"] = _list(cells["needs"].lower())
    return {**told, "asks": True} if told else {}


def _find_course(cells: Cells, _actor: Person) -> sa.Select[Any]:
    return sa.select(Course).where(sa.func.lower(Course.code) == cells.get("code", "").lower())


def _course(cells: Cells, existing: Course | None, _actor: Person) -> Any:
    if existing is None:
        entries = _values(CourseForm)
    else:
        stored = details_of_course(existing)
        entries = {**vars(stored), "skills": [vars(skill) for skill in stored.skills], **typed_of(stored)}
    entries.update(_told(cells, CourseForm, existing and "code"))
    if cells.get("minimum_percent"):
        entries["minimum_percent"] = cells["minimum_percent"].removesuffix("%").strip()
    if cells.get("assessment_required"):
        entries["assessment_required"] = _yes_or_no(cells["assessment_required"])
    if cells.get("skills"):
        levels = {skill.code: skill.needed_level for skill in existing.skills} if existing else {}
        told = [_skill(text) for text in _list(cells["skills"])]
        entries["skills"] = [skill | {"needed_level": levels.get(skill["code"])} for skill in told]
    return _sound(CourseForm(formdata=_formdata(entries), meta={"csrf": False}))


def _skill(text: str) -> dict[str, Any]:
    # "LOTO: Lock-out and tag-out | Bloqueo y etiquetado"; a star at the end: not needed to complete.
    required = not text.endswith("*")
    code, colon, titles = text.removesuffix("*").partition(":")
    title, _bar, title_es = titles.partition("|")
    if not colon or not title.strip():
        words = _("The skill “%(text)s” should look like: CODE: title | título", text=text)
        raise RowProblemError(words)
    return {"code": code.strip(), "title": title.strip(), "title_es": title_es.strip(), "required": required}


def _owner(cells: Cells, actor: Person) -> Organization:
    wanted = cells.get("organization", "")
    query = organizations_with_worksites(actor).where(sa.func.lower(Organization.name) == wanted.lower())
    found = db.session.execute(query.limit(1)).scalar_one_or_none()
    if found is None:
        raise RowProblemError(_("There is no organization “%(name)s”. Please add it first.", name=wanted))
    return found


def _find_worksite(cells: Cells, actor: Person) -> sa.Select[Any]:
    return (
        worksites_editable_by(actor)
        .where(Worksite.organization_id == _owner(cells, actor).id)
        .where(sa.func.lower(Worksite.name) == cells.get("name", "").lower())
        .order_by(Worksite.archived_at.is_not(None))
    )


def _worksite(cells: Cells, existing: Worksite | None, actor: Person) -> Any:
    owner = _owner(cells, actor)
    entries = _values(WorksiteForm) if existing is None else vars(details_of_worksite(existing))
    entries.update(_told(cells, WorksiteForm, existing and "name"), organization_id=owner.id)
    form = WorksiteForm(formdata=_formdata(entries), meta={"csrf": False})
    choose_from(form.organization_id, [(owner.id, owner.name)])
    return _sound(form)


def _values(form: Any) -> dict[str, Any]:
    """What the empty page would show: the defaults of a form."""
    empty = form(formdata=None, meta={"csrf": False})
    return {field.name: field.data for field in empty if field.data is not None}


def _told(cells: Cells, form: Any, found_by: Any) -> dict[str, Any]:
    """The cells that fill a field as they are; those that need more thought are left to the caller.

    What a row was found again by stays as it is stored: "wld-101" does not rename WLD-101.
    """
    names = {field.name for field in form(formdata=None, meta={"csrf": False})}
    names -= {
        "version",
        "courses",
        "skills",
        "minimum_percent",
        "assessment_required",
        "organization_id",
        found_by,
    }
    return {name: value for name, value in cells.items() if name in names and value}


def _formdata(entries: Mapping[str, Any]) -> MultiDict[str, str]:
    data: MultiDict[str, str] = MultiDict()
    for name, value in entries.items():
        if isinstance(value, list):
            for place, one in enumerate(value):
                if isinstance(one, dict):
                    data.update(_formdata({f"{name}-{place}-{key}": inner for key, inner in one.items()}))
                else:
                    data.add(name, str(one))
        elif value is not None and value is not False:
            data.add(name, "y" if value is True else str(value))
    return data


def _sound(form: Any) -> Any:
    if form.validate():
        return form.details()
    raise RowProblemError(*_problems(form))


def _problems(form: Any) -> list[str]:
    found: list[str] = []
    for name, errors in form.errors.items():
        for error in errors:
            words = (
                [str(one) for many in error.values() for one in many] if isinstance(error, dict) else [error]
            )
            found.extend(f"{name}: {word}" for word in words)
    return found


def _yes_or_no(text: str) -> bool:
    if text.lower() in YES | NO:
        return text.lower() in YES
    raise RowProblemError(_("“%(text)s” should be yes or no.", text=text))


def _list(text: str) -> list[str]:
    return [one.strip() for one in text.split(";") if one.strip()]


KINDS: dict[str, Target] = {
    "labs": Target(
        columns=(
            "name", "seats", "home_zip", "home_city", "length_ft", "height_ft", "weight_lb", "power_kw",
            "generator", "water", "ground", "setup_hours", "teardown_hours", "mph", "courses", "notes",
            *(item.key for item in PROFILE if item.kind is not Kind.YES), "needs",
        ),
        needed=("name",),
        name_of=lambda cells: cells.get("name", ""),
        find=_find_lab, details=_lab, add=add_lab, change=change_lab,
    ),
    "courses": Target(
        columns=(
            "code", "title", "title_es", "contact_hours", "credential", "description", "minimum_percent",
            "assessment_required", "pass_mark", "grace_minutes", "skills",
        ),
        needed=("code",),
        name_of=lambda cells: cells.get("code", ""),
        find=_find_course, details=_course, add=add_course, change=change_course,
    ),
    "worksites": Target(
        columns=(
            "organization", "name", "address", "zip", "city", "contact_name", "contact_phone",
            "pad_length_ft", "power_kw", "gate_opens", "gate_closes", "notes",
        ),
        needed=("organization", "name"),
        name_of=lambda cells: cells.get("name", ""),
        find=_find_worksite, details=_worksite, add=add_worksite, change=change_worksite,
    ),
}  # fmt: skip
