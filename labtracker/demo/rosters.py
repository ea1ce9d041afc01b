"""The demo's rosters: spreadsheets as employers have them, read by the importer like anybody's."""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from labtracker.accounts.models import Organization, Person
from labtracker.demo.names import NameMaker, plain
from labtracker.demo.people import People
from labtracker.demo.places import EMPLOYERS, HUBS, EmployerFacts
from labtracker.kit.time import local_day
from labtracker.roster.services import WorkerFacts, add_worker
from labtracker.roster.services.applying import apply_import
from labtracker.roster.services.importing import stage_import, table_from_text
from labtracker.scheduling.models import Cohort

FACTS = {facts.key: facts for facts in EMPLOYERS}
SENDERS = {hub.key: hub.employers for hub in HUBS}
APART = timedelta(days=60)
COMES_AGAIN = 0.05  # the share of a roster that has been on one before


@dataclass(frozen=True)
class Hand:
    """A worker as the employer's own spreadsheet knows them."""

    given: str
    family: str
    number: str
    email: str
    hired_on: date
    job: str
    language: str | None


# What employers call their columns, and how they write a worker into them.
Columns = Sequence[tuple[str, Callable[[Hand], str]]]
SHEETS: tuple[Columns, ...] = (
    (
        ("First name", lambda hand: hand.given),
        ("Last name", lambda hand: hand.family),
        ("Employee ID", lambda hand: hand.number),
        ("Email", lambda hand: hand.email),
        ("Hire date", lambda hand: hand.hired_on.isoformat()),
        ("Job title", lambda hand: hand.job),
    ),
    (
        ("Employee name", lambda hand: f"{hand.family}, {hand.given}"),
        ("Employee number", lambda hand: hand.number),
        ("Date of hire", lambda hand: hand.hired_on.isoformat()),
        ("Position", lambda hand: hand.job),
    ),
    (
        ("Nombre", lambda hand: hand.given),
        ("Apellidos", lambda hand: hand.family),
        ("Correo electrónico", lambda hand: hand.email),
        ("Fecha de ingreso", lambda hand: hand.hired_on.isoformat()),
        ("Idioma", lambda hand: "español" if hand.language == "es" else "inglés"),
    ),
)


class Payroll:
    """All employers' workers, hired as the demo needs them."""

    def __init__(self, people: People, names: NameMaker, chance: random.Random, zone: str) -> None:
        self._people, self._names, self._chance, self._zone = people, names, chance, zone
        self._hands: dict[str, list[Hand]] = defaultdict(list)
        self._sent_on: dict[str, list[date]] = defaultdict(list)  # by employee number

    @property
    def count(self) -> int:
        """How many workers there are."""
        return sum(len(hands) for hands in self._hands.values())

    def send(self, cohort: Cohort, place: str, headcount: int, *, now: datetime) -> None:
        """Send the rosters of one cohort: one from the employer, or one from each that sends to a hub."""
        senders = SENDERS.get(place, (place,))
        share, more = divmod(headcount, len(senders))
        for number, key in enumerate(senders):
            count = share + (1 if number < more else 0)
            if count:
                hands = self._pick(key, count, local_day(now, self._zone))
                self._import(cohort, key, hands, now)

    def hire_rest(self, total: int, *, now: datetime) -> None:
        """Enter workers who are on no roster yet, one by one, until there are so many in all."""
        keys = list(FACTS)
        today = local_day(now, self._zone)
        while self.count < total:
            key = self._chance.choice(keys)
            hand = self._hire(key, today)
            add_worker(
                WorkerFacts(
                    hand.given, hand.family, hand.email or None, None, hand.number, hand.hired_on, hand.job,
                    hand.language,
                ),
                employer=self._people.employers[key],
                now=now,
            )  # fmt: skip

    def _import(self, cohort: Cohort, key: str, hands: Sequence[Hand], now: datetime) -> None:
        employer, actor = self._people.employers[key], self._people.contacts[key]
        import_sheet(_sheet(hands, SHEETS[len(key) % len(SHEETS)]), cohort, employer, actor, now, self._zone)

    def _pick(self, key: str, count: int, today: date) -> list[Hand]:
        known = [hand for hand in self._hands[key] if self._is_free(hand, today)]
        again = min(len(known), sum(self._chance.random() < COMES_AGAIN for _ in range(count)))
        picked = self._chance.sample(known, again)
        picked += [self._hire(key, today) for _ in range(count - again)]
        for hand in picked:
            self._sent_on[hand.number].append(today)
        return picked

    def _is_free(self, hand: Hand, today: date) -> bool:
        """Whether nobody sent the worker to another cohort within a season of that day."""
        return all(abs(today - day) > APART for day in self._sent_on[hand.number])

    def _hire(self, key: str, today: date) -> Hand:
        facts, name, chance = FACTS[key], self._names.next(), self._chance
        days = round(chance.lognormvariate(6.6, 1.1)) + 30
        has_mail = chance.random() < 0.6
        hand = Hand(
            given=name.given,
            family=name.family,
            number=f"{key[:2].upper()}{1000 + len(self._hands[key]) * 3 + chance.randint(0, 2)}",
            email=_mail(facts, name.given, name.family) if has_mail else "",
            hired_on=today - timedelta(days=min(days, 12000)),
            job=chance.choice(facts.jobs),
            language=name.language,
        )
        self._hands[key].append(hand)
        return hand


def import_sheet(
    text: str, cohort: Cohort, employer: Organization, actor: Person, now: datetime, zone: str
) -> None:
    """Bring one pasted spreadsheet into a cohort, all its ready rows."""
    today = local_day(now, zone)
    staged = stage_import(
        table_from_text(text, today=today),
        filename=f"{plain(employer.name)}.csv",
        cohort=cohort,
        employer=employer,
        actor=actor,
        now=now,
        today=today,
    )
    apply_import(staged, decisions={}, actor=actor, now=now, today=today)


def _sheet(hands: Sequence[Hand], columns: Columns) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(title for title, _cell in columns)
    writer.writerows([cell(hand) for _title, cell in columns] for hand in hands)
    return text.getvalue()


def _mail(facts: EmployerFacts, given: str, family: str) -> str:
    return f"{plain(given)}.{plain(family.split()[0])}@{facts.key}.example"
