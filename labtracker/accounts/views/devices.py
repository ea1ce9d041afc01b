"""Screens about phones: a code to pair one, revoking one. Their list stands where their records are known."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts import queries, services
from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Device
from labtracker.accounts.qr import qr_path
from labtracker.accounts.rules import Role
from labtracker.accounts.views.blueprint import blueprint
from labtracker.kit.time import utc_now
from labtracker.web.edge import commit, load
from labtracker.web.origin import origin


@blueprint.route("/devices/pair", methods=["GET", "POST"])
@roles(Role.TRAINER, Role.COORDINATOR)
def pair_device() -> ResponseReturnValue:
    """Show a code by which a phone is paired; making one takes a press."""
    if request.method == "GET":
        return render_template("accounts/pair_device.html", code=None)
    code = services.create_pairing_code(actor=current_actor(), now=utc_now())
    commit()
    address = f"{origin()}/checkin#pair={code}"
    path, size = qr_path(address)
    return render_template(
        "accounts/pair_device.html", code=f"{code[:4]} {code[4:]}", address=address, path=path, size=size
    )


@blueprint.route("/devices/<uuid:device_id>/revocation", methods=["GET", "POST"])
@roles(Role.TRAINER, Role.COORDINATOR)
def revoke_device(device_id: UUID) -> ResponseReturnValue:
    """Revoke a phone, one's own or for the office any; first it is said what that means."""
    device = load(queries.devices_visible_to(current_actor()).where(Device.id == device_id))
    if request.method == "GET":
        return render_template("accounts/revoke_device.html", device=device)
    services.revoke_device(device, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s is revoked. What it still holds is kept aside when it comes in.", name=device.name))
    return redirect(url_for("checkin.devices"), 303)
