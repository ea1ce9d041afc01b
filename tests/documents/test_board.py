"""The guide to the board says what is really answered."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.cast import Cast
from tests.scheduling.builders import planned, quiet_monday

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "board.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| (`.*?) \| (.*) \|$", GUIDE, re.M))
JSON = {"Accept": "application/json"}


def named(text: str) -> set[str]:
    return set(re.findall(r"`([a-z_]+)`", text))


def test_the_guide_names_every_key_of_the_answers(cast: Cast, signed_in_as: Any) -> None:
    monday = quiet_monday(utc_now())
    stay = _planned(cast, monday)
    _planned(cast, monday + timedelta(days=14))
    db.session.commit()
    browser = signed_in_as(cast.cora)
    address = f"/board/check?deployment={stay.id}&first_on={monday + timedelta(days=14)}"
    answer = browser.get(address, headers=JSON).json
    assert named(" ".join(ROWS)) == set(answer) - {"ok"}
    described = {key: ROWS[f"`{key}`"] for key in ("subject", "target", "outline", "trainers")}
    assert set(answer["subject"]) == named(described["subject"])
    assert set(answer["target"]) == named(described["target"])
    assert set(answer["outline"]) == named(described["outline"])
    assert set(answer["trainers"][0]) == named(described["trainers"])
    assert {*answer["conflicts"][0], "target"} == named(ROWS["`conflicts`"])
    fields = {**answer["subject"]["stands"], "first_on": monday + timedelta(days=7), "version": stay.version}
    done = browser.post(f"/deployments/{stay.id}/moves", data=fields, headers=JSON).json
    told = GUIDE.partition("The answer has")[2].partition("Refused")[0]
    assert set(done) - {"ok"} | set(done["undo"]) == named(told)
    fields["first_on"] = monday + timedelta(days=8)
    refused = browser.post(f"/deployments/{stay.id}/moves", data=fields, headers=JSON)
    assert refused.status_code == 409
    assert refused.json["errors"][0]["code"] in named(GUIDE.partition("Refused with 409")[2])


def _planned(cast: Cast, monday: date) -> Any:
    return planned(cast, utc_now(), first_on=monday, windows=[(monday, monday + timedelta(days=24))])
