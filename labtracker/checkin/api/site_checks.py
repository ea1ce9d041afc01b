"""Checks of sites on a phone: what is asked there, and drafts that trainers fill in without signal.

They are forms, and no part of the protocol of events: nothing here touches a phone's chain.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import Blueprint, Response
from flask_babel import force_locale
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.checkin.api import wire
from labtracker.checkin.api.checks_wire import (
    KeptCheck,
    LabOut,
    PhoneCheck,
    QuestionOut,
    QuestionWords,
    SiteChecks,
    SiteOut,
    VisitOut,
)
from labtracker.checkin.api.requests import answer, bearer_fingerprint, body_as, unknown_token
from labtracker.checkin.queries.pack_reader import PackReader, pack_reader
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ssn import looks_like_ssn
from labtracker.kit.time import local_day, to_ms, utc_now
from labtracker.labs.models import Lab, SiteReadiness, Worksite
from labtracker.labs.queries import active_labs
from labtracker.labs.queries.readiness import answers_known, checklist_of, checks_by_worksite, standing_of
from labtracker.labs.rules.needs import ITEMS, Kind, Question
from labtracker.labs.rules.readiness import Verdict, unsound_answers
from labtracker.labs.services.phone_checks import keep_phone_check
from labtracker.labs.services.readiness import Told
from labtracker.labs.wording import CHOICES, GROUPS, UNITS, item_label, question_words, wanted_words
from labtracker.scheduling.queries.readiness import SiteVisit, site_visits_of, worksites_checked_by
from labtracker.web.edge import commit
from labtracker.web.language import LOCALES
from labtracker.web.ssn import TAKEN_OUT

blueprint = Blueprint("checkin_site_checks", __name__)

KINDS: dict[Kind, Literal["number", "choice", "yes"]] = {
    Kind.AT_LEAST: "number",
    Kind.AT_MOST: "number",
    Kind.ONE_OF: "choice",
    Kind.YES: "yes",
}
# A check that leaves something open tells a phone nothing.
VERDICTS: dict[Verdict, Literal["ready", "conditions", "not_ready"]] = {
    Verdict.READY: "ready",
    Verdict.CONDITIONS: "conditions",
    Verdict.NOT_READY: "not_ready",
}
# What was filled in during a visit may arrive so long after it: the phone was without signal.
LATEST = timedelta(days=30)


@blueprint.get("/site-checks")
def site_checks() -> Response:
    """What is asked of the sites to which the phone's trainers go, in every language, and what is known."""
    reader = _reader()
    if reader.revoked:
        return answer(SiteChecks(device_revoked=True))
    now = utc_now()
    people = db.session.scalars(sa.select(Person).where(Person.id.in_(reader.trainers))).unique().all()
    visits = site_visits_of(people, now)
    labs = {one.lab.id: one.lab for one in visits}
    checks = checks_by_worksite({one.worksite.id for one in visits})
    return answer(
        SiteChecks(
            now=to_ms(now),
            labs=[LabOut(lab.id, lab.name, _questions(lab)) for lab in labs.values()],
            visits=[_visit(one, checks.get(one.worksite.id, []), now) for one in visits],
        )
    )


@blueprint.post("/site-checks")
def keep_site_check() -> Response:
    """Keep a draft that a trainer fills in on the phone; the same again changes nothing."""
    reader = _reader()
    if reader.revoked:
        raise DomainError("device_revoked", _("This phone was revoked."), status=403)
    told, now = body_as(PhoneCheck), utc_now()
    if told.by not in reader.trainers:
        raise DomainError("not_a_trainer_here", _("Nobody of that name trains on this phone."), status=403)
    actor = db.session.get_one(Person, told.by)
    errors = _unsound(told)
    if errors:
        return answer(wire.Errors(ok=False, errors=errors), 422)
    worksite, lab = _load_site(told, actor, now), _load_lab(told.lab)
    try:
        row = keep_phone_check(
            id_=told.id,
            revision=told.revision,
            worksite=worksite,
            lab=lab,
            told=Told(told.answers, told.checked_on, notes=told.notes),
            actor=actor,
            now=now,
        )
    except DomainError as error:
        error.status = error.form_status
        raise
    kept = KeptCheck(id=row.id, revision=told.revision, final=row.finalised_at is not None)
    commit()
    return answer(kept)


def _reader() -> PackReader:
    """The phone behind the request's token. Raises DomainError (401)."""
    reader = pack_reader(bearer_fingerprint())
    if reader is None:
        raise unknown_token()
    return reader


def _load_site(told: PhoneCheck, actor: Person, now: datetime) -> Worksite:
    """The worksite, if the trainer goes there, or went there when they looked."""
    worksite = db.session.get(Worksite, told.site)
    if worksite is not None:
        day = min(max(told.checked_on, (now - LATEST).date()), now.date())
        then = min(now, datetime.combine(day, time(), ZoneInfo(worksite.zone)))
        query = worksites_checked_by(actor, then).where(Worksite.id == worksite.id)
        if db.session.scalars(query).unique().one_or_none() is not None:
            return worksite
    raise DomainError(
        "no_such_site", _("There is no visit to this site on whose crew you are."), field="site", status=404
    )


def _load_lab(lab_id: UUID) -> Lab:
    lab = db.session.scalars(active_labs().where(Lab.id == lab_id)).unique().one_or_none()
    if lab is None:
        raise DomainError("no_such_lab", _("There is no such lab any more."), field="lab", status=404)
    return lab


def _unsound(told: PhoneCheck) -> list[wire.ErrorOut]:
    """An error for each answer that cannot be read, and for notes that must not be kept."""
    private = [wire.ErrorOut("ssn_removed", str(TAKEN_OUT), "notes")] if looks_like_ssn(told.notes) else []
    return private + [
        wire.ErrorOut("bad_answer", _fault(key), f"answers.{key[:60]}")
        for key in unsound_answers(told.answers)
    ]


def _fault(key: str) -> str:
    if key not in ITEMS:
        return _("Nobody asks this any more.")
    if KINDS[ITEMS[key].kind] == "number":
        return _("A whole number from 0 to %(most)s.", most=ITEMS[key].highest)
    return _("Choose one of the answers.")


def _questions(lab: Lab) -> list[QuestionOut]:
    asked = checklist_of(lab)
    words: dict[str, list[QuestionWords]] = {}
    for spoken, locale in LOCALES.items():
        with force_locale(locale):
            words[spoken] = [_words(one) for one in asked]
    return [
        QuestionOut(
            key=one.key,
            kind=KINDS[one.item.kind],
            highest=one.item.highest,
            choices=list(one.item.choices),
            words={spoken: words[spoken][place] for spoken in words},
        )
        for place, one in enumerate(asked)
    ]


def _words(question: Question) -> QuestionWords:
    item = question.item
    wanted = wanted_words(question)
    return QuestionWords(
        group=str(GROUPS[item.group]),
        label=item_label(item.key),
        ask=question_words(item.key),
        needs=_("The lab needs: %(wanted)s.", wanted=wanted) if wanted else "",
        unit=str(UNITS.get(item.unit, item.unit)),
        choices={choice: str(CHOICES[choice]) for choice in item.choices},
    )


def _visit(visit: SiteVisit, checks: list[SiteReadiness], now: datetime) -> VisitOut:
    today = local_day(now, visit.worksite.zone)
    found = standing_of(visit.lab, checks, today)
    valid = found.verdict_on(today)
    verdict = VERDICTS.get(valid) if valid is not None else None
    asked = {one.key for one in checklist_of(visit.lab)}
    known = {key: value for key, value in answers_known(visit.worksite).items() if key in asked}
    return VisitOut(
        lab=visit.lab.id,
        site=SiteOut(visit.worksite.id, visit.worksite.name, visit.worksite.zone),
        arrives_on=visit.arrives_on,
        trainers=list(visit.trainers),
        known=known,
        verdict=verdict,
        holds_until=found.expires_on if verdict is not None else None,
    )
