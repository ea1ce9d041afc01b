"""Holidays of each state, and the provider's own closed days beside them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.fleet import queries, services
from labtracker.fleet.forms import ClosedDayForm
from labtracker.fleet.models import ClosedDay
from labtracker.fleet.views.blueprint import blueprint, is_coordinator, tabs
from labtracker.fleet.words import closed_day_name
from labtracker.kit.holidays import holidays_of
from labtracker.kit.time import utc_now
from labtracker.labs.models import Worksite
from labtracker.web.display import office_today
from labtracker.web.edge import commit, load, load_all
from labtracker.web.filters import Choice, choice_from_request, year_from_request
from labtracker.web.forms import refuse

HOME = "CO"


@blueprint.route("/fleet/closed-days", methods=["GET", "POST"])
@roles(Role.COORDINATOR, Role.TRAINER)
def closed_days() -> ResponseReturnValue:
    """The holidays of a year in a state and the provider's own closed days; a coordinator adds some."""
    states = _states()
    state = choice_from_request("state", states) or HOME
    year = year_from_request("year", office_today().year, first=2000, last=2100)
    form = ClosedDayForm()
    if form.is_submitted() and not is_coordinator():
        raise DomainError("not_coordinator", _("Only a coordinator can do this."), status=403)
    if form.validate_on_submit():
        try:
            day = services.add_closed_day(
                state=state,
                on=form.closed_on.data,
                name=form.name.data or "",
                actor=current_actor(),
                now=utc_now(),
            )
        except DomainError as error:
            refuse(form, error)
        else:
            commit()
            flash(_("%(name)s is a closed day.", name=day.name))
            return redirect(url_for("fleet.closed_days", state=state, year=day.closed_on.year), 303)
    return _page(form, state, year, states), 422 if form.is_submitted() else 200


@blueprint.post("/fleet/closed-days/<uuid:day_id>/removal")
@roles(Role.COORDINATOR)
def remove_closed_day(day_id: UUID) -> ResponseReturnValue:
    """Make a closed day a day like others again."""
    day = load(sa.select(ClosedDay).where(ClosedDay.id == day_id))
    back = url_for("fleet.closed_days", state=day.state, year=day.closed_on.year)
    name = day.name
    services.remove_closed_day(day, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s is a day like others again.", name=name))
    return redirect(back, 303)


def _page(form: ClosedDayForm, state: str, year: int, states: list[str]) -> str:
    rows: list[tuple[date, str, ClosedDay | None]] = [
        (day, closed_day_name(name), None) for day, name in holidays_of(state, year).items()
    ]
    rows += [(one.closed_on, one.name, one) for one in load_all(queries.closed_days_of(state, year))]
    years = range(office_today().year - 1, office_today().year + 3)
    return render_template(
        "fleet/closed_days.html",
        rows=sorted(rows, key=lambda row: row[0]),
        form=form,
        state=state,
        year=year,
        states=[
            Choice(one, url_for("fleet.closed_days", state=one, year=year), one == state) for one in states
        ],
        years=[
            Choice(str(one), url_for("fleet.closed_days", state=state, year=one), one == year)
            for one in years
        ],
        tabs=tabs("closed_days"),
        may_edit=is_coordinator(),
    )


def _states() -> list[str]:
    """The states in which there are worksites, and the provider's own."""
    found = load_all(sa.select(Worksite.state).where(Worksite.archived_at.is_(None)).distinct())
    return sorted({HOME, *found})
