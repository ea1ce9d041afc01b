"""An employer's own people: hours to date, who is at risk, who completed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flask import render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.completion.queries import OwnRow, own_people
from labtracker.completion.rules import Standing
from labtracker.completion.views.blueprint import blueprint
from labtracker.completion.words import missing
from labtracker.kit.text import folded
from labtracker.web.filters import Choice, choice_from_request, text_from_request
from labtracker.web.language import language
from labtracker.web.pagination import page_of_rows, url_with

STANDING_LABELS = {
    Standing.AT_RISK: lazy_gettext("At risk"),
    Standing.IN_TRAINING: lazy_gettext("In training"),
    Standing.COMPLETED: lazy_gettext("Completed"),
    Standing.NOT_COMPLETED: lazy_gettext("Not completed"),
}
PER_PAGE = 25


@blueprint.get("/my-people")
@roles(Role.EMPLOYER)
def my_people() -> str:
    """An employer's own workers: hours to date, who is at risk, who completed."""
    people = own_people(current_actor())
    show = choice_from_request("show", list(Standing))
    sought = text_from_request("q")
    found = [
        row for row in people.named if all(word in folded(row.worker.name) for word in folded(sought).split())
    ]
    return render_template(
        "completion/my_people.html",
        people=people,
        found=len(found),
        page=page_of_rows([row for row in found if show in (None, row.standing)], PER_PAGE),
        filters=_standings(found, show),
        show=show,
        sought=sought,
        missing={row.completion.enrollment_id: _missing(row) for row in found},
    )


def _missing(row: OwnRow) -> list[str]:
    # Whoever is in training lacks hours of sessions that are still ahead: that is nothing to tell.
    with_hours = row.standing is not Standing.IN_TRAINING
    return missing(row.completion, row.cohort, language(), with_hours=with_hours)


def _standings(found: Sequence[OwnRow], show: str | None) -> list[Choice]:
    sizes = Counter(row.standing for row in found)
    everybody = Choice(f"{_('Everybody')} · {len(found)}", url_with(show=None, page=None), show is None)
    return [
        everybody,
        *(
            Choice(f"{label} · {sizes[standing]}", url_with(show=standing, page=None), show == standing)
            for standing, label in STANDING_LABELS.items()
            if sizes[standing] or show == standing
        ),
    ]
