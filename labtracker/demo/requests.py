"""Requests that wait, and some that came to nothing: one in each state a booking can be in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from labtracker.accounts.services import request_account
from labtracker.demo.calendar import Office
from labtracker.demo.correspondence import write_letters
from labtracker.demo.season import Stop, shift_of
from labtracker.scheduling import services
from labtracker.scheduling.models import BookingRequest


@dataclass(frozen=True)
class Ask:
    """A request: whose, for what, for how many, how many days ago it came, and what became of it."""

    place: str
    course: str
    headcount: int
    days_ago: int
    weeks_ahead: int
    outcome: str
    reason: str = ""


ASKS = (
    Ask("steel", "CNC-140", 9, 1, 10, "draft"),
    Ask("dairy", "WLD-101", 7, 2, 9, "submitted"),
    Ask("ethanol", "PLC-130", 8, 1, 11, "submitted"),
    Ask("timber", "MEC-120", 14, 5, 12, "under_review"),
    Ask(
        "optics", "PLC-130", 10, 12, 8, "waitlisted",
        "The automation lab is at its winter service in those weeks; we will offer you the first days after.",
    ),
    Ask(
        "finishing", "NDT-150", 4, 30, 6, "declined",
        "Four people would not fill the lab. Yours can join the visit to the rail car shop in Walsenburg.",
    ),
    Ask(
        "pipeline", "CNC-140", 12, 21, 5, "declined",
        "The CNC lab cannot go over the pass in winter. Please ask again for May.",
    ),
    Ask("grain", "ELE-110", 9, 25, 7, "withdrawn", "Harvest is late, nobody can be spared before spring."),
    Ask("cement", "SAF-105", 12, 35, 13, "cancelled", "The kiln is down for repair until summer."),
)  # fmt: skip


@dataclass(frozen=True)
class AccountAsk:
    """Somebody who asked for an account on the first page, so many days ago."""

    company: str
    city: str
    person: str
    email: str
    message: str
    language: str
    days_ago: int


ACCOUNT_ASKS = (
    AccountAsk(
        "Sangre de Cristo Cabinetry", "Westcliffe", "Marta Ulibarri", "marta@cabinetry.example",
        "Seis de nuestra gente quieren aprender a programar la fresadora.", "es", 3,
    ),
    AccountAsk(
        "Pueblo Steel, maintenance", "Pueblo", "Gil Torrence", "gil.torrence@steelworks.example",
        "I run the second shift and would like to book for my electricians.", "en", 1,
    ),
)  # fmt: skip


def file_requests(office: Office, today: date) -> list[BookingRequest]:
    """Enter all of them, each with its history."""
    return [_file(office, ask, today) for ask in ASKS]


def ask_for_accounts(now: datetime) -> None:
    """Two companies that would like to book: one is new, one belongs to an employer who is here already."""
    for ask in ACCOUNT_ASKS:
        request_account(
            organization_name=ask.company,
            city=ask.city,
            person_name=ask.person,
            email=ask.email,
            phone=None,
            message=ask.message,
            language=ask.language,
            address=ask.email,
            now=now - timedelta(days=ask.days_ago),
        )


def _file(office: Office, ask: Ask, today: date) -> BookingRequest:
    first_on = today + timedelta(weeks=ask.weeks_ahead)
    first_on -= timedelta(days=first_on.weekday())
    stop = Stop("elec", ask.place, ask.course, ask.headcount, first_on, shift_of(ask.place, ask.course))
    asked_at = office.now - timedelta(days=ask.days_ago, hours=3)
    windows = [
        (first_on, first_on + timedelta(days=27)),
        (first_on + timedelta(days=35), first_on + timedelta(days=62)),
    ]
    booking = office.ask(
        ask.place, ask.course, ask.headcount, stop, windows, asked_at, submit=ask.outcome != "draft"
    )
    if ask.outcome not in ("draft", "submitted"):
        _answer(office, booking, ask, stop, asked_at + timedelta(hours=20))
    write_letters(office.people, ask.place, booking, office.now)
    return booking


def _answer(office: Office, booking: BookingRequest, ask: Ask, stop: Stop, at: datetime) -> None:
    cora, contact = office.people.coordinator, office.people.contacts[ask.place]
    services.take_under_review(booking=booking, actor=cora, now=at)
    if ask.outcome == "waitlisted":
        services.waitlist_booking(booking=booking, reason=ask.reason, actor=cora, now=at + timedelta(days=1))
    elif ask.outcome == "declined":
        services.decline_booking(booking=booking, reason=ask.reason, actor=cora, now=at + timedelta(days=1))
    elif ask.outcome == "withdrawn":
        later = at + timedelta(days=6)
        services.withdraw_booking(booking=booking, reason=ask.reason, actor=contact, now=later)
    elif ask.outcome == "cancelled":
        services.plan_deployment(
            booking=booking,
            lab=office.catalog.labs[stop.lab],
            trainers=office.people.trainers[stop.lab][:1],
            first_on=stop.first_on,
            actor=cora,
            now=at + timedelta(days=2),
        )
        services.confirm_booking(booking=booking, actor=contact, now=at + timedelta(days=4))
        services.cancel_booking(
            booking=booking, reason=ask.reason, actor=contact, now=at + timedelta(days=20)
        )
