"""Screens of phones: what each has sent, what is missing from it, what worries about it."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Device
from labtracker.accounts.queries import devices_visible_to
from labtracker.accounts.rules import Role
from labtracker.checkin.queries import phones
from labtracker.checkin.views.client import blueprint
from labtracker.kit.time import utc_now
from labtracker.web.edge import load
from labtracker.web.pagination import Page, page_of
from labtracker.web.service_worker import release


@blueprint.get("/devices")
@roles(Role.TRAINER, Role.COORDINATOR)
def devices() -> ResponseReturnValue:
    """One's own paired phones; for the office, all of them."""
    page = page_of(devices_visible_to(current_actor()))
    return render_template(
        "checkin/devices.html",
        page=Page(_held(list(page.rows)), page.number, page.total, page.per_page),
        is_office=current_actor().has(Role.COORDINATOR),
    )


@blueprint.get("/devices/<uuid:device_id>")
@roles(Role.TRAINER, Role.COORDINATOR)
def device(device_id: UUID) -> ResponseReturnValue:
    """One phone: its records here, what is missing, what came in last, and what was odd about it."""
    found = load(devices_visible_to(current_actor()).where(Device.id == device_id))
    return render_template(
        "checkin/device.html",
        phone=_held([found])[0],
        arrivals=phones.latest_arrivals(found.id),
        odd=phones.odd_records(found.id),
        is_office=current_actor().has(Role.COORDINATOR),
        version=release().version,
    )


def _held(devices: list[Device]) -> list[phones.HeldPhone]:
    return phones.held_phones(
        devices,
        version=release().version,
        now=utc_now(),
        # The demo has no backups, and its phones are told that what arrived is safe.
        keeps_all=bool(current_app.config["DEMO"]),
    )
