"""The pages of the roster are valid HTML, with hostile names in them too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.roster import queries, services
from labtracker.roster.rules.badges import badge_id
from labtracker.scheduling.models import Cohort
from tests import html
from tests.cast import Cast
from tests.roster.conftest import make_worker

SHEET = (
    "Name,When,Mail,<b>Note</b>\nAna Gomez,03/04/2019,ana@x,<script>alert(1)</script>\n"
    'Bo "Bobby" Diaz,05/06/2020,,"><img src=x>\nCher,,,\n<script>x</script>,,,\nJuan Ortega,,,\n'
)


@pytest.mark.skipif(not html.is_there(), reason="html-validate is not installed: run make install")
def test_every_page_is_valid_html(
    cast: Cast,
    cohort: Cohort,
    now: datetime,
    signed_in_as: Callable[[Person], FlaskClient],
    tmp_path: Path,
) -> None:
    stays = services.enroll(make_worker(cast), cohort, now=now)
    leaves = services.enroll(make_worker(cast, "Bo", "Lee"), cohort, now=now)
    services.withdraw(leaves, on=now.date(), reason="<i>moved</i>", now=now, today=now.date())
    staged = services.stage_import(
        services.table_from_text(SHEET, today=now.date()),
        filename="<script>.csv",
        cohort=cohort,
        employer=cast.steel,
        actor=cast.emil,
        now=now,
        today=now.date(),
    )
    db.session.commit()
    badge = queries.active_badge(stays.worker)
    assert badge is not None
    browser = signed_in_as(cast.emil)
    paths = [
        f"/cohorts/{cohort.id}/roster",
        f"/cohorts/{cohort.id}/roster/new",
        f"/cohorts/{cohort.id}/roster/import",
        f"/cohorts/{cohort.id}/badges",
        f"/roster-imports/{staged.id}",
        f"/enrollments/{stays.id}/withdrawal",
        "/workers",
        f"/workers/{stays.worker_id}",
        f"/workers/{stays.worker_id}/badge",
        f"/workers/{stays.worker_id}/edit",
        f"/B/{badge_id(badge.secret)}",
        "/B/unknown",
    ]
    pages = {path: browser.get(path).text for path in paths}
    pages["/refused"] = browser.post(f"/cohorts/{cohort.id}/roster/new", data={"phone": "1"}).text
    assert html.faults_in(pages, tmp_path) == []
    for page in pages.values():
        for hostile in ("<script>x", "<script>alert", "<img src=x", "<i>moved", "<b>Note"):
            assert hostile not in page
