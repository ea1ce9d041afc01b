"""What the page of a deployment shows of days that are, or may be, called off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from labtracker.accounts.models import Person
from labtracker.scheduling import forms
from labtracker.scheduling.models import Deployment
from labtracker.scheduling.queries.session_fit import live_sessions, missed_days, times_of
from labtracker.scheduling.rules.states import DeploymentStatus
from labtracker.scheduling.views.blueprint import STAFF
from labtracker.scheduling.wording import day_words
from labtracker.web.fields import choose_from
from labtracker.web.forms import form_problems


def call_off_form(found: Deployment, **kwargs: Any) -> forms.CallOffForm:
    """The form that calls a day off, with the days that can be."""
    form = forms.CallOffForm(**kwargs)
    days = {times_of(one).day for one in live_sessions(found) if one.opened_at is None}
    choose_from(form.day, [(str(day), day_words(day)) for day in sorted(days)])
    return form


def called_off(
    found: Deployment, actor: Person, now: datetime, refused: forms.CallOffForm | None
) -> dict[str, Any]:
    """The form, and the days that still miss a make-up with a day that would do: for the crew alone."""
    if found.status == DeploymentStatus.CANCELLED or not actor.has(*STAFF):
        return {"off_form": None, "missed": []}
    form = refused or call_off_form(found, formdata=None)
    if refused is None:
        form.version.data = str(found.version)
    return {
        "off_form": form if form.day.choices else None,
        "off_refused": bool(refused and form_problems(refused)),
        "missed": missed_days(found, now),
    }
