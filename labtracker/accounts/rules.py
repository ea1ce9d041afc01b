"""Roles and the kinds of organization; what passwords must be."""

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
