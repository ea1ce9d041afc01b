"""The screens of this slice."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from labtracker.accounts import provider, trail_words, words
from labtracker.accounts.rules import Role
from labtracker.accounts.views import (
    audit,
    colleagues,
    demo,
    devices,
    first_day,
    mails,
    organizations,
    people,
    requests,
    settings,
    signing_in,
    tabs,
)
from labtracker.accounts.views.blueprint import blueprint
from labtracker.extensions import login
from labtracker.web.navigation import Place

PLACES = (
    Place(
        _l("People"),
        "accounts.people",
        "users",
        frozenset({str(Role.COORDINATOR)}),
        order=80,
        also=("/organizations", "/account-requests", "/invitations/new"),
    ),
    Place(_l("Colleagues"), "accounts.colleagues", "user-plus", frozenset({str(Role.EMPLOYER)}), order=85),
)
FIRST_STEPS = first_day.FIRST_STEPS

login.unauthorized_handler(signing_in.show_sign_in)
for function in (
    words.browser_name,
    words.role_name,
    words.kind_name,
    trail_words.action_name,
    trail_words.subject_name,
    trail_words.subject_url,
    trail_words.detail_words,
    provider.provider_name,
    provider.provider_contact,
    first_day.first_steps_left,
    tabs.office_tabs,
):
    blueprint.add_app_template_global(function)

__all__ = [
    "FIRST_STEPS",
    "PLACES",
    "audit",
    "blueprint",
    "colleagues",
    "demo",
    "devices",
    "first_day",
    "mails",
    "organizations",
    "people",
    "requests",
    "settings",
    "signing_in",
    "tabs",
]
