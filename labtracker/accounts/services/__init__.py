"""What people do to accounts, by verb; every write names its actor and its moment and only flushes."""

from labtracker.accounts.services.audit import record_audit, record_audits
from labtracker.accounts.services.colleagues import end_colleague, invite_colleague
from labtracker.accounts.services.devices import (
    Pairing,
    create_pairing_code,
    device_by_token,
    redeem_pairing_code,
    revoke_device,
)
from labtracker.accounts.services.first_day import become_administrator, begin_first_day
from labtracker.accounts.services.links import Purpose, issue_link, link_works, person_of_link, use_link
from labtracker.accounts.services.mail import (
    choose_mail,
    mail_person,
    mail_secret,
    read_mail_secret,
    wanted_kinds,
    wants_mail,
)
from labtracker.accounts.services.organizations import (
    OrganizationFacts,
    add_organization,
    archive_organization,
    edit_organization,
    known_of,
    restore_organization,
)
from labtracker.accounts.services.passwords import change_password, set_password
from labtracker.accounts.services.people import (
    accept_invitation,
    archive_person,
    end_role,
    give_role,
    invitation_to_hand_over,
    invite,
    may_hand_over_invitation,
    restore_person,
    send_invitation,
)
from labtracker.accounts.services.profile import edit_person, told_of
from labtracker.accounts.services.reminders import Reminder, reminds, send_reminders
from labtracker.accounts.services.requests import (
    approve_request,
    decline_request,
    merge_request,
    request_account,
)
from labtracker.accounts.services.sign_ins import end_other_sign_ins, end_sign_in
from labtracker.accounts.services.signing_in import (
    ask_for_link,
    begin_password_try,
    reset_password,
    sign_in_as_cast,
    sign_in_with_link,
    sign_in_with_password,
)
from labtracker.accounts.services.throttling import count_try

__all__ = [
    "OrganizationFacts",
    "Pairing",
    "Purpose",
    "Reminder",
    "accept_invitation",
    "add_organization",
    "approve_request",
    "archive_organization",
    "archive_person",
    "ask_for_link",
    "become_administrator",
    "begin_first_day",
    "begin_password_try",
    "change_password",
    "choose_mail",
    "count_try",
    "create_pairing_code",
    "decline_request",
    "device_by_token",
    "edit_organization",
    "edit_person",
    "end_colleague",
    "end_other_sign_ins",
    "end_role",
    "end_sign_in",
    "give_role",
    "invitation_to_hand_over",
    "invite",
    "invite_colleague",
    "issue_link",
    "known_of",
    "link_works",
    "mail_person",
    "mail_secret",
    "may_hand_over_invitation",
    "merge_request",
    "person_of_link",
    "read_mail_secret",
    "record_audit",
    "record_audits",
    "redeem_pairing_code",
    "reminds",
    "request_account",
    "reset_password",
    "restore_organization",
    "restore_person",
    "revoke_device",
    "send_invitation",
    "send_reminders",
    "set_password",
    "sign_in_as_cast",
    "sign_in_with_link",
    "sign_in_with_password",
    "told_of",
    "use_link",
    "wanted_kinds",
    "wants_mail",
]
