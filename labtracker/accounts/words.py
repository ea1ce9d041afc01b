"""Roles, kinds of organization, states and actions as people read them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from labtracker.accounts.rules import OrganizationKind, Role

ROLE_NAMES = {
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.COORDINATOR: _l("Coordinator"),
    Role.TRAINER: _l("Trainer"),
    Role.EMPLOYER: _l("Employer contact"),
    Role.REVIEWER: _l("Reviewer"),
}

KIND_NAMES = {
    OrganizationKind.PROVIDER: _l("Training provider"),
    OrganizationKind.EMPLOYER: _l("Employer"),
    OrganizationKind.WORKFORCE_CENTER: _l("Workforce center"),
}

REQUEST_STATES = {
    "open": (_l("waiting"), "look"),
    "approved": (_l("approved"), "in"),
    "merged": (_l("merged"), "in"),
    "declined": (_l("declined"), "refused"),
}

# Actions that the trail knows. One that is missing here is shown by its code.
ACTIONS = {
    "account_request_approved": _l("Account approved"),
    "account_request_declined": _l("Account declined"),
    "account_request_merged": _l("Account merged into an employer"),
    "account_requested": _l("Account asked for"),
    "administrator_begun": _l("First administrator"),
    "device_paired": _l("Phone paired"),
    "device_revoked": _l("Phone shut out"),
    "invitation_accepted": _l("Invitation accepted"),
    "invitation_sent": _l("Invitation sent"),
    "organization_added": _l("Organization added"),
    "organization_archived": _l("Organization archived"),
    "organization_edited": _l("Organization changed"),
    "organization_restored": _l("Organization restored"),
    "password_set": _l("Password set"),
    "person_archived": _l("Person archived"),
    "person_edited": _l("Person changed"),
    "person_restored": _l("Person restored"),
    "role_ended": _l("Role ended"),
    "role_given": _l("Role given"),
    "signed_in": _l("Signed in"),
    "signed_out": _l("Signed out"),
}


def role_name(role: str) -> str:
    """A role in words."""
    return str(ROLE_NAMES[Role(role)])


def kind_name(kind: str) -> str:
    """A kind of organization in words."""
    return str(KIND_NAMES[OrganizationKind(kind)])


def action_name(action: str) -> str:
    """An action of the trail in words."""
    return str(ACTIONS.get(action) or action.replace("_", " ").capitalize())


def people_counted(count: int) -> str:
    """So many people, in words."""
    return ngettext("%(num)s person", "%(num)s people", count)
