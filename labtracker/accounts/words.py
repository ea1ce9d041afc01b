"""Roles, kinds of organization and states as people read them."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from labtracker.accounts.rules import MailKind, OrganizationKind, Role
from labtracker.accounts.rules.browsers import browser_and_system

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

MAIL_KIND_NAMES = {
    MailKind.BOOKINGS: _l("Bookings and deployments"),
    MailKind.SESSIONS: _l("Changes of sessions"),
    MailKind.MESSAGES: _l("Messages"),
    MailKind.REMINDERS: _l("Reminders"),
}

MAIL_KIND_HINTS = {
    MailKind.BOOKINGS: _l("A booking was sent, planned, confirmed, declined or cancelled; a crew changed."),
    MailKind.SESSIONS: _l("A session was added, moved or cancelled."),
    MailKind.MESSAGES: _l("Somebody wrote to you about a booking."),
    MailKind.REMINDERS: _l(
        "A visit begins soon, a roster is missing, a message waits; a site’s check, a driver’s license or an "
        "inspection ends soon."
    ),
}

# What stands below each mail of a kind.
MAIL_REASONS = {
    MailKind.BOOKINGS: _l("You get this mail because a booking or a deployment concerns you."),
    MailKind.SESSIONS: _l("You get this mail because a session that concerns you has changed."),
    MailKind.MESSAGES: _l("You get this mail because somebody wrote to you about a booking."),
    MailKind.REMINDERS: _l("You get this mail because something that concerns you comes near."),
}

REQUEST_STATES = {
    "open": (_l("waiting"), "look"),
    "approved": (_l("approved"), "in"),
    "merged": (_l("merged"), "in"),
    "declined": (_l("declined"), "refused"),
}


def browser_name(agent: str | None) -> str:
    """A browser as its owner knows it: Chrome on Android."""
    browser, system = browser_and_system(agent)
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or _("Unknown browser")


def role_name(role: str) -> str:
    """A role in words."""
    return str(ROLE_NAMES[Role(role)])


def kind_name(kind: str) -> str:
    """A kind of organization in words."""
    return str(KIND_NAMES[OrganizationKind(kind)])
