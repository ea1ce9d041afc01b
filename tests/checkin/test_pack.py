"""The pack: every session a trainer may teach and nothing else, as changes, with tombstones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from labtracker.accounts.models import Device
from labtracker.accounts.services import create_pairing_code, revoke_device
from labtracker.checkin.api import pack as pack_edge
from labtracker.checkin.queries import pack as pack_queries
from labtracker.checkin.services import mint_epoch, restamping
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.time import utc_now
from labtracker.roster.models import Enrollment
from labtracker.roster.services import enroll_walk_in
from labtracker.scheduling.models import CrewMember, SessionTrainer
from tests.checkin.conftest import Day, a_cohort, a_deployment, a_session, a_worker
from tests.checkin.phone import Phone


class Mirror:
    """What a phone keeps of its packs."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.epoch = ""
        self.cursor: Any = ""
        self.rows: dict[str, dict[str, Any]] = {}
        self.revoked: set[str] = set()

    def pull(self) -> list[dict[str, Any]]:
        pages = []
        while True:
            page = self.phone.pack(epoch=self.epoch, cursor=self.cursor)
            pages.append(page)
            if page["reset"]:
                self.rows.clear()
            for gone in page["gone"]:
                self.rows.pop(gone, None)
            for row in (*page["sessions"], *page["cohorts"], *page["enrollments"]):
                self.rows[row["id"]] = row
            self.revoked.update(page["revoked"])
            self.epoch, self.cursor = page["epoch"], page["cursor"]
            if not page["more"]:
                return pages

    def ids(self) -> set[str]:
        return set(self.rows)


def ids_of(day: Day) -> set[str]:
    return {str(row.id) for row in (day.session, day.cohort, *day.enrollments)}


def test_the_first_pack_is_everything_this_trainer_needs(phone: Phone, day: Day) -> None:
    pack = phone.pack()
    assert pack["reset"] is True
    assert pack["more"] is False
    assert pack["gone"] == []
    assert pack["sessions"] == [
        {
            "id": str(day.session.id),
            "cohort": str(day.cohort.id),
            "course": {
                "id": str(day.cast.welding.id),
                "code": "WLD-101",
                "title": "Welding basics",
                "title_es": "Soldadura básica",
            },
            "place": {"id": str(day.cast.steel_site.id), "name": "Mill gate 3"},
            "zone": "America/Denver",
            "starts_at": day.session.starts_at.isoformat().replace("+00:00", "Z"),
            "ends_at": day.session.ends_at.isoformat().replace("+00:00", "Z"),
            "breaks": [
                {
                    "starts_at": (day.session.starts_at + timedelta(hours=4)).isoformat()[:19] + "Z",
                    "ends_at": (day.session.starts_at + timedelta(hours=4.5)).isoformat()[:19] + "Z",
                }
            ],
        }
    ]
    (cohort,) = pack["cohorts"]
    assert cohort["policy"] == {
        "minimum_share": 0.8,
        "grace_minutes": 7,
        "assessment_required": True,
        "pass_mark": 70,
    }
    assert len(pack["enrollments"]) == 6
    ana = next(one for one in pack["enrollments"] if one["name"] == "Ana Ruiz")
    assert ana == {
        "id": str(day.enrollments[0].id),
        "cohort": str(day.cohort.id),
        "name": "Ana Ruiz",
        "employer": "Steel Works",
        "badge_hash": day.badges[0].badge_hash,
        "status": "enrolled",
    }


def test_courses_and_skills_have_their_spanish_names_where_there_are_any(phone: Phone, day: Day) -> None:
    day.cohort.skills = [
        {"id": "s1", "code": "LOTO", "title": "Lock-out", "title_es": "Bloqueo", "required": True},
        {"id": "s2", "code": "FIT", "title": "Fit-up", "title_es": None, "required": True},
    ]
    day.cast.welding.title_es = None
    db.session.commit()
    (cohort,) = phone.pack()["cohorts"]
    assert cohort["skills"] == [
        {"id": "s1", "name": "Lock-out", "name_es": "Bloqueo"},
        {"id": "s2", "name": "Fit-up"},
    ]
    assert "title_es" not in cohort["course"]


def test_a_delta_holds_only_what_changed(phone: Phone, day: Day) -> None:
    mirror = Mirror(phone)
    mirror.pull()
    (page,) = mirror.pull()
    assert not any(page[kind] for kind in ("sessions", "cohorts", "enrollments", "revoked", "gone", "reset"))
    day.enrollments[1].worker.family_name = "Larsen-Ito"
    day.badges[2].revoked_at = utc_now()
    db.session.commit()
    (page,) = mirror.pull()
    # They changed together, so neither comes first.
    badges = {row["name"]: row["badge_hash"] for row in page["enrollments"]}
    assert badges == {"Bo Larsen-Ito": day.badges[1].badge_hash, "Chidi Eze": None}
    assert page["revoked"] == [day.badges[2].badge_hash]
    assert page["sessions"] == page["cohorts"] == []
    day.session.cancelled_at = utc_now()
    db.session.commit()
    (page,) = mirror.pull()
    assert [row["cancelled"] for row in page["sessions"]] == [True]
    assert page["enrollments"] == []


def test_another_session_of_the_deployment_does_not_send_the_roster_again(phone: Phone, day: Day) -> None:
    mirror = Mirror(phone)
    mirror.pull()
    later = a_session(day.cohort, day.deployment, day.session.starts_at + timedelta(days=1))
    db.session.commit()
    (page,) = mirror.pull()
    assert [row["id"] for row in page["sessions"]] == [str(later.id)]
    assert page["cohorts"] == page["enrollments"] == []


def asked_when_it_was_over(phone: Phone, day: Day, monkeypatch: pytest.MonkeyPatch) -> Mirror:
    """A phone that asked again after the only session was over and somebody had joined."""
    mirror = Mirror(phone)
    mirror.pull()
    after = day.session.ends_at + timedelta(days=2)
    for module in (pack_edge, restamping):
        monkeypatch.setattr(module, "utc_now", lambda: after)
    worker, _badge = a_worker(day.cast, "Late", "Comer", after)
    db.session.add(Enrollment(cohort_id=day.cohort.id, worker_id=worker.id, created_at=after))
    db.session.commit()
    (page,) = mirror.pull()
    assert page["enrollments"] == []
    return mirror


def test_a_session_added_when_the_others_are_over_brings_who_joined_meanwhile(
    phone: Phone, day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = asked_when_it_was_over(phone, day, monkeypatch)
    # One that begins anew has nothing of a cohort whose days are over.
    fresh = Mirror(phone)
    fresh.pull()
    assert str(day.cohort.id) not in fresh.ids()
    a_session(day.cohort, day.deployment, day.session.starts_at + timedelta(days=4))
    db.session.commit()
    for one in (mirror, fresh):
        one.pull()
        assert "Late Comer" in {row.get("name") for row in one.rows.values()}
        assert str(day.cohort.id) in one.ids()


def test_a_session_that_was_over_and_is_moved_brings_who_joined_meanwhile(
    phone: Phone, day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = asked_when_it_was_over(phone, day, monkeypatch)
    day.session.starts_at += timedelta(days=4)
    day.session.ends_at += timedelta(days=4)
    db.session.commit()
    mirror.pull()
    assert "Late Comer" in {row.get("name") for row in mirror.rows.values()}


def test_joining_a_crew_brings_everything_and_leaving_takes_it(phone: Phone, day: Day) -> None:
    mirror = Mirror(phone)
    mirror.pull()
    start = day.session.starts_at
    other = a_deployment(day.cast.wiring_lab, day.cast.dairy_site, [day.cast.tess], start)
    cohort = a_cohort(day.cast.wiring, day.cast.dairy_site, "Wiring", start)
    session = a_session(cohort, other, start)
    worker, _badge = a_worker(day.cast, "Gil", "Mora", start)
    enrollment = Enrollment(cohort_id=cohort.id, worker_id=worker.id, created_at=start)
    db.session.add(enrollment)
    db.session.commit()
    mirror.pull()
    assert mirror.ids() == ids_of(day)
    joined = CrewMember(deployment_id=other.id, person_id=day.cast.tom.id)
    db.session.add(joined)
    db.session.commit()
    mirror.pull()
    theirs = {str(session.id), str(cohort.id), str(enrollment.id)}
    assert mirror.ids() == ids_of(day) | theirs
    db.session.delete(joined)
    db.session.commit()
    mirror.pull()
    assert mirror.ids() == ids_of(day)


def test_naming_a_trainer_for_one_session_brings_that_session(phone: Phone, day: Day) -> None:
    mirror = Mirror(phone)
    mirror.pull()
    start = day.session.starts_at
    cohort = a_cohort(day.cast.wiring, day.cast.campus, "Campus", start)
    named, unnamed = (a_session(cohort, None, start + timedelta(days=number)) for number in range(2))
    trainer = SessionTrainer(session_id=named.id, person_id=day.cast.tom.id)
    db.session.add(trainer)
    db.session.commit()
    mirror.pull()
    assert mirror.ids() == ids_of(day) | {str(named.id), str(cohort.id)}
    assert str(unnamed.id) not in mirror.ids()
    db.session.delete(trainer)
    db.session.commit()
    mirror.pull()
    assert mirror.ids() == ids_of(day)


def test_a_second_trainer_on_the_phone_brings_their_sessions(phone: Phone, day: Day) -> None:
    start = day.session.starts_at
    other = a_deployment(day.cast.wiring_lab, day.cast.dairy_site, [day.cast.tess], start)
    cohort = a_cohort(day.cast.wiring, day.cast.dairy_site, "Wiring", start)
    session = a_session(cohort, other, start)
    db.session.commit()
    mirror = Mirror(phone)
    mirror.pull()
    assert str(session.id) not in mirror.ids()
    told = phone.pair(_code_for(day.cast.tess))
    assert "token" not in told
    assert told["trainer"]["name"] == "Tess Nakai"
    mirror.pull()
    assert {str(session.id), str(cohort.id)} <= mirror.ids()


def _code_for(person: Any) -> str:
    code = create_pairing_code(actor=person, now=utc_now())
    db.session.commit()
    return code


def test_a_walk_in_is_known_to_the_phone_by_the_id_it_gave(phone: Phone, day: Day) -> None:
    mirror = Mirror(phone)
    mirror.pull()
    walk_in_id = uuid7()
    enrolled = enroll_walk_in(
        walk_in_id=walk_in_id, name="Zoë Ñúñez", employer="", cohort=day.cohort, now=utc_now()
    )
    db.session.commit()
    (page,) = mirror.pull()
    assert [(row["id"], row["walk_ins"]) for row in page["enrollments"]] == [
        (str(enrolled.id), [str(walk_in_id)])
    ]
    assert all("walk_ins" not in mirror.rows[str(row.id)] for row in day.enrollments)


def test_a_deleted_session_and_a_moved_enrollment_are_gone(phone: Phone, day: Day) -> None:
    later = a_session(day.cohort, day.deployment, day.session.starts_at + timedelta(days=1))
    elsewhere = a_cohort(day.cast.wiring, day.cast.dairy_site, "Elsewhere", day.session.starts_at)
    db.session.commit()
    mirror = Mirror(phone)
    mirror.pull()
    assert str(later.id) in mirror.ids()
    db.session.delete(later)
    day.enrollments[5].cohort_id = elsewhere.id
    db.session.commit()
    mirror.pull()
    assert mirror.ids() == ids_of(day) - {str(day.enrollments[5].id)}


def test_another_epoch_begins_anew(phone: Phone, day: Day) -> None:
    mirror = Mirror(phone)
    mirror.pull()
    before = mirror.epoch
    mint_epoch(now=utc_now())
    db.session.commit()
    mirror.rows["stale"] = {}
    (page,) = mirror.pull()
    assert page["reset"] is True
    assert page["epoch"] > before
    assert mirror.ids() == ids_of(day)


@pytest.mark.parametrize("cursor", ["", "x", "-1", "99999999", "1" * 30, "²"])
def test_a_cursor_that_cannot_be_begins_anew(phone: Phone, cursor: str) -> None:
    epoch = phone.pack()["epoch"]
    assert phone.pack(epoch=epoch, cursor=cursor)["reset"] is True


def test_pages_hold_whole_transactions_and_lose_nothing(
    phone: Phone, day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        worker, _badge = a_worker(day.cast, "W", str(number), day.session.starts_at)
        db.session.add(Enrollment(cohort_id=day.cohort.id, worker_id=worker.id, created_at=utc_now()))
        db.session.flush()
    db.session.commit()
    whole = Mirror(phone)
    whole.pull()
    monkeypatch.setattr(pack_queries.pack_page, "__kwdefaults__", {"page": 4})
    paged = Mirror(phone)
    pages = paged.pull()
    assert len(pages) > 5
    assert [page["reset"] for page in pages] == [True] + [False] * (len(pages) - 1)
    assert paged.rows == whole.rows
    assert paged.cursor == whole.cursor


def test_a_phone_that_was_shut_out_learns_only_that(phone: Phone, day: Day) -> None:
    device = db.session.get_one(Device, UUID(phone.device))
    revoke_device(device, actor=day.cast.cora, now=utc_now())
    db.session.commit()
    assert phone.pack() == {"device_revoked": True}


def test_sessions_long_over_are_left_out(phone: Phone, day: Day) -> None:
    day.session.starts_at -= timedelta(days=2)
    day.session.ends_at -= timedelta(days=2)
    db.session.commit()
    assert Mirror(phone).pull()[0]["sessions"] == []
