"""Roles, and the kinds of organization that give them."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person may do for an organization."""

    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    TRAINER = "trainer"
    EMPLOYER = "employer"
    REVIEWER = "reviewer"


class OrganizationKind(StrEnum):
    """What an organization is to the partnership."""

    PROVIDER = "provider"
    EMPLOYER = "employer"
    WORKFORCE_CENTER = "workforce_center"


ROLES_OF: dict[OrganizationKind, frozenset[Role]] = {
    OrganizationKind.PROVIDER: frozenset({Role.ADMINISTRATOR, Role.COORDINATOR, Role.TRAINER}),
    OrganizationKind.EMPLOYER: frozenset({Role.EMPLOYER}),
    OrganizationKind.WORKFORCE_CENTER: frozenset({Role.REVIEWER}),
}


def role_fits(role: Role, kind: OrganizationKind) -> bool:
    """Whether an organization of this kind can have people in this role."""
    return role in ROLES_OF[kind]


def may_give(giver_is_administrator: bool, role: Role) -> bool:
    """Whether somebody may give or end a role: only administrators make and unmake administrators."""
    return role != Role.ADMINISTRATOR or giver_is_administrator
