"""What is decided about accounts without asking the database: roles, passwords, addresses."""

from labtracker.accounts.rules.addresses import is_email, normal_email
from labtracker.accounts.rules.mail_kinds import MailKind
from labtracker.accounts.rules.passwords import MINIMUM_LENGTH, password_problem
from labtracker.accounts.rules.quiet_hours import is_quiet
from labtracker.accounts.rules.roles import ROLES_OF, OrganizationKind, Role, may_give, role_fits
from labtracker.accounts.rules.throttling import LIMITS, Limit

__all__ = [
    "LIMITS",
    "MINIMUM_LENGTH",
    "ROLES_OF",
    "Limit",
    "MailKind",
    "OrganizationKind",
    "Role",
    "is_email",
    "is_quiet",
    "may_give",
    "normal_email",
    "password_problem",
    "role_fits",
]
