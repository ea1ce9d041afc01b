"""Calendar addresses that some of the cast made: how long ago, and whose calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

from labtracker.demo.catalog import Catalog
from labtracker.demo.people import People
from labtracker.feeds.rules import FeedKind
from labtracker.feeds.services import make_feed


def subscribe(people: People, catalog: Catalog, now: datetime) -> None:
    """The coordinator follows a lab and a site, a trainer the own days, an employer its own visits."""
    trainer, contact = people.trainers["elec"][0], people.contacts["steel"]
    wishes = (
        (people.coordinator, FeedKind.LAB, catalog.labs["elec"].id, 120),
        (people.coordinator, FeedKind.WORKSITE, catalog.worksites["steel"].id, 14),
        (trainer, FeedKind.TRAINER, trainer.id, 75),
        (contact, FeedKind.EMPLOYER, people.employers["steel"].id, 40),
    )
    for owner, kind, subject_id, days_ago in wishes:
        make_feed(kind=kind, subject_id=subject_id, actor=owner, now=now - timedelta(days=days_ago))
