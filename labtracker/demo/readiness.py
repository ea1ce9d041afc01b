"""What the demo's labs need of a site, and how its worksites stand: most are ready."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from labtracker.demo.calendar import Office
from labtracker.extensions import db
from labtracker.kit.time import local_day
from labtracker.labs.models import Lab, Worksite
from labtracker.labs.queries.readiness import checklist_of
from labtracker.labs.rules.needs import Kind, Question
from labtracker.labs.services.readiness import Told, accept_condition, begin_check, finalise_check
from labtracker.scheduling.models import Deployment
from labtracker.scheduling.rules.states import DeploymentStatus

_ALL: dict[str, Any] = {
    "surface": ["concrete", "asphalt", "gravel"],
    "slope_percent": 2,
    "signal": True,
    "fire_lane": True,
    "accessible_entry": True,
    "restrooms": True,
    "lighting": True,
    "shift_contact": True,
}
_GRID: dict[str, Any] = {"volts": ["208", "240", "480"], "amps": 100, "cord_ft": 100, "lock_out": True}
NEEDS: dict[str, dict[str, Any]] = {
    "weld": {"turning_ft": 70, "hot_work": True, "gas_bottles": True, "fumes": True},
    "west": {**_GRID, "phase": 3, "turning_ft": 90, "hot_work": True, "gas_bottles": True, "fumes": True},
    "elec": {**_GRID, "turning_ft": 80},
    "ndt": {**_GRID, "pad_width_ft": 30, "slide_out_ft": 8, "turning_ft": 90},
    "cnc": {**_GRID, "phase": 3, "pad_width_ft": 20, "turning_ft": 90, "surface": ["concrete", "asphalt"]},
    "auto": {**_GRID, "wifi": True},
}
# What a site answers otherwise than the lab would wish, and what a coordinator made of it.
CONDITIONS: dict[str, dict[str, tuple[Any, str]]] = {
    "timber": {"restrooms": (False, "The mill rents two portable restrooms for the week.")},
    "hub-delta": {"lighting": (False, "We bring our own light tower.")},
    "potato": {"shift_contact": (False, "")},
}
NOT_READY = {"finishing": {"fire_lane": False}}
LAPSED = "optics"
LAPSES_SOON = "fabrication"
# How many days ago a check was made: it holds for a year.
_AGES = {LAPSED: 380, LAPSES_SOON: 345}
UNCHECKED = frozenset({"campus", "campus-west", "hub-craig", "ethanol"})
DRAFT = "ethanol"


def check_sites(office: Office) -> None:
    """Say what the labs need, and check the sites they go to now and later. The past is left as it was."""
    for key, needs in NEEDS.items():
        office.catalog.labs[key].needs = {**_ALL, **needs}
    db.session.flush()
    sites = {site.id: key for key, site in office.catalog.worksites.items()}
    for site_id, lab_id in _stays_to_come(office.now):
        if sites[site_id] not in UNCHECKED:
            _check(office, sites[site_id], db.session.get_one(Lab, lab_id))
    for key, lab in (("finishing", "ndt"), ("optics", "auto"), ("potato", "auto"), ("timber", "elec")):
        _check(office, key, office.catalog.labs[lab])
    _draft(office, office.catalog.worksites[DRAFT], office.catalog.labs["auto"])


def _stays_to_come(now: datetime) -> list[tuple[Any, Any]]:
    query = (
        sa.select(Deployment.worksite_id, Deployment.lab_id)
        .where(Deployment.blocks_until > now, Deployment.status != DeploymentStatus.CANCELLED)
        .distinct()
        .order_by(Deployment.worksite_id, Deployment.lab_id)
    )
    return [(site, lab) for site, lab in db.session.execute(query)]


def _check(office: Office, key: str, lab: Lab) -> None:
    site, cora = office.catalog.worksites[key], office.people.coordinator
    at = office.now - timedelta(days=_AGES.get(key, 40 + len(key)))
    wished = CONDITIONS.get(key, {})
    answers = {question.key: _suits(question) for question in checklist_of(lab)}
    for item, (value, _note) in wished.items():
        answers[item] = value
    answers.update(NOT_READY.get(key, {}))
    told = Told(answers, local_day(at, site.zone), notes="Second gate; ask for the key at the scale house.")
    by = office.people.contacts.get(key, cora)
    check = begin_check(worksite=site, lab=lab, told=told, actor=by, now=at)
    finalise_check(check=check, actor=cora, now=at + timedelta(days=1))
    for item, (_value, note) in wished.items():
        if note:
            accept_condition(check=check, key=item, note=note, actor=cora, now=at + timedelta(days=2))


def _draft(office: Office, site: Worksite, lab: Lab) -> None:
    known = {one.key: _suits(one) for one in checklist_of(lab)[:5]}
    at = office.now - timedelta(days=1)
    told = Told(known, local_day(at, site.zone))
    begin_check(worksite=site, lab=lab, told=told, actor=office.people.contacts[DRAFT], now=at)


def _suits(question: Question) -> Any:
    """An answer that is a little more than what the lab needs."""
    item, wanted = question.item, question.wanted
    if isinstance(wanted, tuple):
        return wanted[-1]
    if item.kind is Kind.YES:
        return True
    if item.key == "phase":
        return 3
    return min(wanted + wanted // 8, item.highest) if item.kind is Kind.AT_LEAST else wanted // 2
