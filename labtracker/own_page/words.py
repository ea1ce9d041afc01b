"""What the office reads about a worker's own page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from labtracker.accounts.access import current_actor
from labtracker.accounts.rules import Role
from labtracker.own_page.queries import mail_obstacle
from labtracker.own_page.rules import Obstacle
from labtracker.roster.models import Worker

OBSTACLES = {
    Obstacle.NO_MAIL: _l("The roster has no e-mail address, so the worker cannot ask for a link."),
    Obstacle.SHARED: _l(
        "Another worker has the same e-mail address, so no link goes there: one could read the other’s page."
    ),
    Obstacle.EMPLOYERS: _l(
        "Somebody signs in with this e-mail address for an employer, so no link goes there: "
        "the page is the worker’s alone."
    ),
    Obstacle.CHANGED: _l(
        "The e-mail address was changed after training began, so no link goes there until you have asked "
        "the worker whether it is theirs."
    ),
    Obstacle.ARCHIVED: _l(
        "The worker is archived, so no link goes to the employer’s address. You can hand one over."
    ),
}


def own_page_trouble(worker: Worker) -> str | None:
    """Why a worker gets no link by mail, for coordinators; None where they do."""
    obstacle = mail_obstacle(worker) if current_actor().has(Role.COORDINATOR) else None
    return str(OBSTACLES[obstacle]) if obstacle is not None else None
