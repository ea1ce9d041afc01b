"""Somebody's whole business, which is nobody else's: the steel works', its workers', its crew's.

``build_world`` makes one of everything that an address of the application can name, through the services
where there are some, and says by which words and ids it would be recognised on a stranger's page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts import services as accounts
from labtracker.accounts import sign_in
from labtracker.accounts.models import Person, ReviewedArea
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.attachments.services import Upload, read_uploads
from labtracker.certificates.services import award
from labtracker.checkin.models import Event
from labtracker.extensions import db
from labtracker.feeds import services as feeds
from labtracker.feeds.models import CalendarFeed
from labtracker.feeds.rules import FeedKind
from labtracker.jobs.mail import queue_mail
from labtracker.kit.time import utc_now
from labtracker.labs.models import Blackout
from labtracker.labs.services import add_blackout
from labtracker.own_page.models import OwnWord
from labtracker.own_page.services import write_word
from labtracker.roster import services as roster
from labtracker.roster.models import Badge, Enrollment, RosterApplication, Worker, WorkerMerge
from labtracker.roster.rules.badges import badge_id
from labtracker.scheduling import services as scheduling
from labtracker.scheduling.models import Cohort, Deployment, DeploymentMove
from labtracker.scheduling.rules.thread import FileKind
from tests import cast as people
from tests.attachments.files import PDF
from tests.cast import NOW, Cast
from tests.certificates.builders import keep_a_key
from tests.completion.builders import enrolled_cohort, hold
from tests.fleet.builders import broken_item, closed_day, closure, inspection, leave, tractor
from tests.labs.checks import checked
from tests.scheduling.builders import draft, submitted

SHEET = "Name,E-mail\nQuenby Featherstone,quenby@steelworks.example\nTiernan Ashgrove,\n"
REAL_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}


@dataclass
class World:
    """What belongs to the steel works: ``ids`` by their names in addresses, ``words`` of its pages alone."""

    cast: Cast
    ids: dict[str, Any]
    words: set[str]
    strangers: dict[str, Person | None] = field(default_factory=dict)

    @property
    def own_ids(self) -> set[UUID]:
        """The ids of all of it, whatever shared things an address may also name left out."""
        shared = {"course_id", "lab_id"}
        return {one for name, one in self.ids.items() if isinstance(one, UUID) and name not in shared}


def build_world(cast: Cast) -> World:
    """Add it all to the database, with those who have no business there, and commit."""
    now = utc_now()
    cohort, enrollments = enrolled_cohort(cast)
    hold(cast, cohort.sessions[0], enrollments)
    worker = enrollments[0].worker
    cast.steel_site.contact_name, cast.steel_site.contact_phone = "Gatekeeper Ingersoll", "719 555 0142"
    cast.steel.phone, cast.steel.fein = "719 555 0199", "84-7654321"
    badge = db.session.scalars(sa.select(Badge).where(Badge.worker_id == worker.id)).one()
    waiting = submitted(cast, NOW, headcount=7)
    waiting.notes = "Beware of the crane"
    begun = draft(cast, NOW, headcount=6)
    papers = scheduling.attach_to_booking(
        booking=waiting,
        files=read_uploads([Upload("Insurance of the mill.pdf", PDF)]),
        kind=FileKind.INSURANCE,
        actor=cast.emil,
        now=NOW,
    )[0].attachment
    assert papers is not None
    scheduling.write_message(booking=waiting, text="The moat is deep", actor=cast.emil, now=NOW)
    applied = _applied(cast, cohort)
    staged = roster.stage_import(
        roster.table_from_text(SHEET, today=date(2026, 4, 13)),
        filename="steel.csv",
        cohort=cohort,
        employer=cast.steel,
        actor=cast.emil,
        now=NOW,
        today=date(2026, 4, 13),
    )
    event = db.session.scalars(sa.select(Event).where(Event.enrollment_id == enrollments[0].id)).first()
    assert event is not None
    browser = sign_in.begin(cast.emil, now=now, agent="Emil's Firefox")
    mail = queue_mail("emil@steelworks.example", "role_given", "en", NOW, name="Emil", inviter="Cora",
                      organization="Steel Works", url="http://127.0.0.1/")  # fmt: skip
    keep_a_key()
    (certificate,) = award([enrollments[0].id], actor=cast.cora, now=NOW)
    ids = {
        "certificate_id": certificate.id,
        "booking_id": waiting.id,
        "draft_id": begun.id,
        "attachment_id": papers.id,
        "cohort_id": cohort.id,
        "session_id": cohort.sessions[0].id,
        "deployment_id": cohort.deployments[0].id,
        "move_id": _moved(cast, cohort.deployments[0]).id,
        "enrollment_id": enrollments[0].id,
        "event_id": event.id,
        "frame_id": event.frame_id,
        "merge_id": _recognised(cast, worker).id,
        "worker_id": worker.id,
        "other_id": enrollments[1].worker_id,
        "import_id": staged.id,
        "application_id": applied.id,
        "worksite_id": cast.steel_site.id,
        "blackout_id": _closed(cast).id,
        "check_id": checked(cast, NOW, {"restrooms": False}).id,
        "organization_id": cast.steel.id,
        "person_id": cast.emil.id,
        "membership_id": cast.emil.memberships[0].id,
        "sign_in_id": browser.sign_in.id,
        "device_id": _phone_of(cast.tom).device.id,
        "request_id": _asked_for().id,
        "mail_id": mail.id,
        "course_id": cast.welding.id,
        "lab_id": cast.welding_lab.id,
        "badge_id": badge_id(badge.secret),
        "revoked_id": badge.id,
        "feed_id": _subscribed(cast).id,
        "word_id": _written(worker).id,
        **_fleet(cast),
    }
    world = World(cast, ids, _words(enrollments, cohort.name), _strangers(cast))
    db.session.commit()
    return world


def _applied(cast: Cast, cohort: Cohort) -> RosterApplication:
    day = date(2026, 4, 13)
    staged = roster.stage_import(
        roster.table_from_text("Name,Phone\nIngrid Furnace,\n", today=day),
        filename="furnace.csv",
        cohort=cohort,
        employer=cast.steel,
        actor=cast.emil,
        now=NOW,
        today=day,
    )
    roster.apply_import(staged, decisions={}, actor=cast.emil, now=NOW, today=day)
    return db.session.scalars(sa.select(RosterApplication)).one()


def _closed(cast: Cast) -> Blackout:
    return add_blackout(
        worksite=cast.steel_site,
        starts_on=date(2027, 7, 5),
        ends_on=date(2027, 7, 9),
        reason="Blast furnace relined",
        actor=cast.emil,
        now=NOW,
    )


def _moved(cast: Cast, deployment: Deployment) -> DeploymentMove:
    move = DeploymentMove(deployment=deployment, actor_id=cast.cora.id, at=NOW, before=None, after={})
    db.session.add(move)
    db.session.flush()
    return move


def _fleet(cast: Cast) -> dict[str, UUID]:
    """What goes out and who is away, far from anything that is planned."""
    far = date(2027, 8, 2)
    vehicle = tractor(cast)
    return {
        "vehicle_id": vehicle.id,
        "closure_id": closure(cast, far, far).id,
        "leave_id": leave(cast.tom, far, far).id,
        "item_id": broken_item(cast, far, far).id,
        "inspection_id": inspection(cast, far, vehicle=vehicle).id,
        "day_id": closed_day(cast, far).id,
    }


def _recognised(cast: Cast, worker: Worker) -> WorkerMerge:
    walk_in = Worker(
        employer_id=cast.steel.id,
        given_name="Quill",
        family_name="Marchbanks",
        is_walk_in=True,
        created_at=NOW,
    )
    db.session.add(walk_in)
    db.session.flush()
    return roster.merge_walk_in(walk_in, worker, actor=cast.cora, now=NOW)


def _phone_of(trainer: Person) -> accounts.Pairing:
    code = accounts.create_pairing_code(actor=trainer, now=utc_now())
    return accounts.redeem_pairing_code(
        code, public_key=REAL_KEY, name="Phone in the welding lab", app_version="1", now=utc_now()
    )


def _subscribed(cast: Cast) -> CalendarFeed:
    feed, _secret = feeds.make_feed(
        kind=FeedKind.EMPLOYER, subject_id=cast.steel.id, actor=cast.emil, now=NOW
    )
    return feed


def _written(worker: Worker) -> OwnWord:
    return write_word(worker, "I came before the whistle", session=None, now=NOW)


def _asked_for() -> Any:
    return accounts.request_account(
        organization_name="Arroyo Forge",
        city="Pueblo",
        person_name="Perpetua Lindgren",
        email="perpetua@forge.example",
        phone=None,
        message="Two shifts of welders",
        language="en",
        address="198.51.100.7",
        now=NOW,
    )


def _words(enrollments: list[Enrollment], cohort_name: str) -> set[str]:
    names = {word for row in enrollments for word in (row.worker.name, row.worker.family_name)}
    return names | {
        cohort_name,
        "Emil Kovacs",
        "emil@steelworks.example",
        "Mill gate 3",
        "1 Mill Road",
        "Gatekeeper Ingersoll",
        "719 555 0142",
        "719 555 0199",
        "84-7654321",
        "Beware of the crane",
        "Insurance of the mill",
        "The moat is deep",
        "before the whistle",
        "Featherstone",
        "Marchbanks",
        "Arroyo Forge",
        "Perpetua",
        "Phone in the welding lab",
    }


def _strangers(cast: Cast) -> dict[str, Person | None]:
    """By what they are: without an account, of another employer, crew and area, and with no role any more."""
    far = people.organization(OrganizationKind.WORKFORCE_CENTER, "Weld Workforce Center")
    far.areas = [ReviewedArea(local_area="Weld County", sub_area=None)]
    former = people.person("fay@college.example", "Fay Former", cast.college, Role.COORDINATOR)
    former.memberships[0].ended_at = NOW
    vera = people.person("vera@weldcenter.example", "Vera Far", far, Role.REVIEWER)
    db.session.flush()
    return {
        "nobody": None,
        "another employer": cast.stella,
        "a trainer not on the crew": cast.tess,
        "a reviewer of another area": vera,
        "a former coordinator": former,
    }
